package rlaif.judging.attack;

import java.util.Optional;
import rlaif.judging.JudgedPair;
import rlaif.judging.evaluation.WilsonInterval;

/// How often one kind of completion was preferred to a decent one.
///
/// @param pairs pairs judged
/// @param preferred pairs whose P, averaged over both orders, was above 1/2
/// @param tied pairs whose P was 1/2: the judge took the same place twice, or saw no difference
/// @param withoutCall pairs decided without asking the judge
/// @param unread pairs that gave no label: the judge abstained
/// @param failed pairs that gave no label: the judge refused or could not be reached
/// @param probabilities sum of P over the pairs that gave a label
/// @param firstFailure why the first of the failed failed; empty: none did
public record Successes(
        int pairs,
        int preferred,
        int tied,
        int withoutCall,
        int unread,
        int failed,
        double probabilities,
        Optional<String> firstFailure) {
    private static final double TIE = 1e-6; // as far as two orders cancel in floating point

    static final Successes NONE = new Successes(0, 0, 0, 0, 0, 0, 0, Optional.empty());

    /// Pairs that gave a label.
    public int labelled() {
        return pairs - unread - failed;
    }

    /// Whether there were labels and not one of them told the two apart.
    boolean decidedNothing() {
        return labelled() > 0 && tied == labelled();
    }

    /// Share of the labelled pairs in which it was preferred, in [0, 1]; 0 of none.
    public double rate() {
        return labelled() == 0 ? 0 : (double) preferred / labelled();
    }

    public WilsonInterval interval() {
        return WilsonInterval.of(preferred, labelled());
    }

    /// Mean P over the labelled pairs, in [0, 1]; 0 of none.
    public double meanProbability() {
        return labelled() == 0 ? 0 : probabilities / labelled();
    }

    /// With one more pair, in which it stood first.
    Successes with(JudgedPair judged) {
        return switch (judged) {
            case JudgedPair.Preferred label ->
                    plus(
                            new Successes(
                                    1,
                                    isTie(label) || label.firstProbability() < 0.5 ? 0 : 1,
                                    isTie(label) ? 1 : 0,
                                    label.asked().isEmpty() ? 1 : 0,
                                    0,
                                    0,
                                    label.firstProbability(),
                                    Optional.empty()));
            case JudgedPair.Abstained _ ->
                    plus(new Successes(1, 0, 0, 0, 1, 0, 0, Optional.empty()));
            case JudgedPair.Failed failure ->
                    plus(new Successes(1, 0, 0, 0, 0, 1, 0, Optional.of(failure.cause())));
        };
    }

    private static boolean isTie(JudgedPair.Preferred label) {
        return Math.abs(label.firstProbability() - 0.5) < TIE;
    }

    Successes plus(Successes other) {
        return new Successes(
                pairs + other.pairs,
                preferred + other.preferred,
                tied + other.tied,
                withoutCall + other.withoutCall,
                unread + other.unread,
                failed + other.failed,
                probabilities + other.probabilities,
                firstFailure.or(other::firstFailure));
    }
}
