package rlaif.judging.evaluation;

/// The 95 % interval of a rate (Wilson 1927), sound for few trials and for rates near 0 and 1.
///
/// With `p = successes / n` and `z = 1.96`: centre `(p + z^2 / 2n) / (1 + z^2 / n)`, half width `z
/// sqrt(p (1 - p) / n + z^2 / 4n^2) / (1 + z^2 / n)`. Of no trials it is [0, 1].
///
/// @param low in [0, 1]
/// @param high in [low, 1]
public record WilsonInterval(double low, double high) {
    private static final double Z = 1.959963984540054; // the normal's 97.5 % quantile

    public WilsonInterval {
        if (!(low >= 0 && low <= high && high <= 1)) {
            throw new IllegalArgumentException(
                    "an interval must lie in [0, 1], got %s to %s".formatted(low, high));
        }
    }

    /// @param successes in [0, trials]
    public static WilsonInterval of(double successes, long trials) {
        if (!(successes >= 0 && successes <= trials)) {
            throw new IllegalArgumentException(
                    "successes must lie in [0, trials], got %s of %d".formatted(successes, trials));
        }
        if (trials == 0) {
            return new WilsonInterval(0, 1);
        }
        double p = successes / trials;
        double shrink = 1 + Z * Z / trials;
        double centre = (p + Z * Z / (2 * trials)) / shrink;
        double half =
                Z * Math.sqrt(p * (1 - p) / trials + Z * Z / (4.0 * trials * trials)) / shrink;
        return new WilsonInterval(
                successes == 0 ? 0 : Math.max(0, centre - half),
                successes == trials ? 1 : Math.min(1, centre + half));
    }
}
