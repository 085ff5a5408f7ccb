package rlaif.trainers.ppo;

import java.util.Arrays;
import java.util.List;

/// Advantages shifted to mean 0 and scaled to variance 1 over every completion token of a batch
/// (N+, detail 12).
///
/// `A' = (A - mean) / sqrt(var + 1e-8)`, the variance with Bessel's correction, as in TRL: the size
/// of a step then no longer depends on the scale of the scores.
public final class Whitening {
    private static final double VARIANCE_FLOOR = 1e-8;

    private Whitening() {}

    /// New rows of the same lengths; prompt and padding have no part in them, so the mask is the
    /// rows themselves.
    public static List<double[]> of(List<double[]> rows) {
        long count = rows.stream().mapToLong(row -> row.length).sum();
        double mean = rows.stream().flatMapToDouble(Arrays::stream).sum() / count;
        double squares =
                rows.stream()
                        .flatMapToDouble(Arrays::stream)
                        .map(a -> (a - mean) * (a - mean))
                        .sum();
        double scale = 1 / Math.sqrt(squares / Math.max(1, count - 1) + VARIANCE_FLOOR);
        return rows.stream()
                .map(row -> Arrays.stream(row).map(a -> (a - mean) * scale).toArray())
                .toList();
    }
}
