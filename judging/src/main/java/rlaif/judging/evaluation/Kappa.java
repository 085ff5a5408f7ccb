package rlaif.judging.evaluation;

import java.util.Arrays;
import java.util.OptionalDouble;

/// Cohen's kappa (1960): agreement of two raters beyond what their habits alone would give.
///
/// `kappa = (po - pe) / (1 - pe)`, where `po` is the share of things that both put into the same
/// category and `pe = sum_k row_k column_k / n^2`.
public final class Kappa {
    private Kappa() {}

    /// Kappa of two raters who chose between two completions.
    ///
    /// @param bothFirst things that both called `first`
    /// @param onlyA things that rater A called `first` and rater B `second`
    /// @param onlyB things that rater B called `first` and rater A `second`
    /// @param bothSecond things that both called `second`
    public static OptionalDouble of(long bothFirst, long onlyA, long onlyB, long bothSecond) {
        return of(new long[][] {{bothFirst, onlyA}, {onlyB, bothSecond}});
    }

    /// Kappa of a square table: row, what rater A said; column, what rater B said. Empty where it
    /// has no value: nothing was rated, or both always said the same one thing.
    public static OptionalDouble of(long[][] table) {
        long total = 0;
        long agreed = 0;
        long[] rows = new long[table.length];
        long[] columns = new long[table.length];
        for (int a = 0; a < table.length; a++) {
            if (table[a].length != table.length) {
                throw new IllegalArgumentException(
                        "the table must be square, got " + Arrays.deepToString(table));
            }
            for (int b = 0; b < table.length; b++) {
                long count = table[a][b];
                if (count < 0) {
                    throw new IllegalArgumentException("a count must be at least 0, got " + count);
                }
                total += count;
                agreed += a == b ? count : 0;
                rows[a] += count;
                columns[b] += count;
            }
        }
        if (total == 0) {
            return OptionalDouble.empty();
        }
        double byChance = 0;
        for (int k = 0; k < table.length; k++) {
            byChance += ((double) rows[k] / total) * ((double) columns[k] / total);
        }
        return byChance == 1
                ? OptionalDouble.empty()
                : OptionalDouble.of(((double) agreed / total - byChance) / (1 - byChance));
    }
}
