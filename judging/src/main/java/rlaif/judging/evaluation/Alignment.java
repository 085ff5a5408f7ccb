package rlaif.judging.evaluation;

import java.util.OptionalDouble;

/// How often a judge prefers the completion that the label prefers ("AI labeler alignment", RLAIF
/// 2309.00267 section 3.2.1): matches / pairs.
///
/// A probability of exactly 1/2 matches half. A label of exactly 1/2 prefers neither and is not
/// counted. Two of them over disjoint pairs add up.
///
/// @param matches at least 0, at most `pairs`; halves occur
/// @param pairs pairs counted
public record Alignment(double matches, long pairs) {
    public static final Alignment NONE = new Alignment(0, 0);

    public Alignment {
        if (!(matches >= 0 && matches <= pairs)) {
            throw new IllegalArgumentException(
                    "matches must lie in [0, pairs], got %s of %d".formatted(matches, pairs));
        }
    }

    /// With one more pair.
    ///
    /// @param firstProbability the judge's probability in [0, 1] that `first` is better
    /// @param label the truth's, in [0, 1]
    public Alignment with(double firstProbability, double label) {
        Probabilities.require("firstProbability", firstProbability);
        Probabilities.require("label", label);
        if (label == 0.5) {
            return this;
        }
        double agreement = Math.signum(firstProbability - 0.5) * Math.signum(label - 0.5);
        return new Alignment(matches + (agreement + 1) / 2, pairs + 1);
    }

    public Alignment plus(Alignment other) {
        return new Alignment(matches + other.matches, pairs + other.pairs);
    }

    /// Empty: no pair was counted.
    public OptionalDouble rate() {
        return pairs == 0 ? OptionalDouble.empty() : OptionalDouble.of(matches / pairs);
    }
}
