package rlaif.judging;

/// When a pair is asked about in its second order.
public sealed interface SecondOrderRule {
    /// Every pair.
    record Always() implements SecondOrderRule {}

    /// In a constant share of all pairs, so that the flip rate stays measured, and where the first
    /// order was not sure in the rest.
    ///
    /// A share of the sure pairs alone would measure nothing: a judge that is sure of a pair in one
    /// order seldom flips it in the other.
    ///
    /// @param threshold the first order is sure where |p - 1/2| is at least this, in [0, 1/2]
    /// @param auditShare share in [0, 1] of pairs, drawn by pair id
    record Uncertain(double threshold, double auditShare) implements SecondOrderRule {
        public Uncertain {
            if (!(threshold >= 0 && threshold <= 0.5)) {
                throw new IllegalArgumentException(
                        "secondOrderThreshold must lie in [0, 0.5], got " + threshold);
            }
            if (!(auditShare >= 0 && auditShare <= 1)) {
                throw new IllegalArgumentException(
                        "auditShare must lie in [0, 1], got " + auditShare);
            }
        }

        boolean isSure(double probability) {
            return Math.abs(probability - 0.5) >= threshold;
        }

        boolean isAudited(String pairId) {
            return Sha256.unit("second order", pairId) < auditShare;
        }
    }
}
