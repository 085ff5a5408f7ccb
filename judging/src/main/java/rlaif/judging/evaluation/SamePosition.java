package rlaif.judging.evaluation;

import java.util.OptionalDouble;

/// How often a judge chooses the same place whichever completion stands there ("% same position",
/// RLAIF 2309.00267 appendix B): a flip, since both orders cannot be right.
///
/// @param same pairs of which the same place was chosen in both orders
/// @param pairs pairs asked in both orders
public record SamePosition(long same, long pairs) {
    public static final SamePosition NONE = new SamePosition(0, 0);

    public SamePosition {
        if (same < 0 || same > pairs) {
            throw new IllegalArgumentException(
                    "same must lie in [0, pairs], got %d of %d".formatted(same, pairs));
        }
    }

    /// With one more pair; a probability of exactly 1/2 chooses no place.
    ///
    /// @param shown1 probability in [0, 1] of the completion shown first, in one order
    /// @param swappedShown1 the same in the other order
    public SamePosition with(double shown1, double swappedShown1) {
        Probabilities.require("shown1", shown1);
        Probabilities.require("swappedShown1", swappedShown1);
        boolean flip = (shown1 - 0.5) * (swappedShown1 - 0.5) > 0;
        return new SamePosition(same + (flip ? 1 : 0), pairs + 1);
    }

    public SamePosition plus(SamePosition other) {
        return new SamePosition(same + other.same, pairs + other.pairs);
    }

    /// Empty: no pair was counted.
    public OptionalDouble rate() {
        return pairs == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) same / pairs);
    }
}
