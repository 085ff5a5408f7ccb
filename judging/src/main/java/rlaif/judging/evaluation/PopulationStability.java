package rlaif.judging.evaluation;

/// The population stability index: how far a histogram has moved from the one it is compared with.
///
/// `PSI = sum_i (a_i - e_i) ln(a_i / e_i)` over the shares of the bins (Siddiqi 2006), which is the
/// symmetric Kullback-Leibler divergence. Half a count is added to each bin, so that an empty one
/// has a logarithm. Read as a rule of thumb: below 0.1 stable, above 0.25 moved.
public final class PopulationStability {
    private static final double PRIOR = 0.5;

    private PopulationStability() {}

    /// At least 0, in nats; 0 for equal shares.
    ///
    /// @param expected counts of the reference, one a bin
    /// @param actual counts of what is compared with it, in the same bins
    public static double index(long[] expected, long[] actual) {
        if (expected.length != actual.length || expected.length == 0) {
            throw new IllegalArgumentException(
                    "histograms of %d and %d bins cannot be compared"
                            .formatted(expected.length, actual.length));
        }
        double expectedTotal = total(expected);
        double actualTotal = total(actual);
        double index = 0;
        for (int i = 0; i < expected.length; i++) {
            double e = (expected[i] + PRIOR) / expectedTotal;
            double a = (actual[i] + PRIOR) / actualTotal;
            index += (a - e) * Math.log(a / e);
        }
        return index;
    }

    private static double total(long[] counts) {
        double total = 0;
        for (long count : counts) {
            if (count < 0) {
                throw new IllegalArgumentException("a count must be at least 0, got " + count);
            }
            total += count + PRIOR;
        }
        return total;
    }
}
