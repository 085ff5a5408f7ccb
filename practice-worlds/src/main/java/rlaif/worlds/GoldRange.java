package rlaif.worlds;

/// The scalars between which the gold of nearly all completions of a world lies.
public record GoldRange(double low, double high) {
    public GoldRange {
        if (!(low < high)) {
            throw new IllegalArgumentException(
                    "a range needs low below high, got " + low + " and " + high);
        }
    }

    /// Where `scalar` lies: 0 at the low end or below, 1 at the high end or above.
    double share(double scalar) {
        return Math.clamp((scalar - low) / (high - low), 0, 1);
    }
}
