package rlaif.monitor;

import java.util.OptionalDouble;
import rlaif.events.Judgment;
import rlaif.events.PresentationOrder;
import rlaif.events.SecondOrder;
import rlaif.events.Verdict;

/// How often both orders of a pair chose the same place, which says more of the judge than of the
/// completions.
final class SamePosition {
    private long asked;
    private long same;

    /// Counts a judgment that was asked in both orders for their own sake and read in each; others
    /// say nothing. Exactly 1/2 chooses no place.
    void add(Judgment judgment) {
        SecondOrder second = judgment.getSecondOrder();
        if (second != SecondOrder.ALWAYS && second != SecondOrder.AUDIT) {
            return;
        }
        OptionalDouble straight = probability(judgment, PresentationOrder.FIRST_SECOND);
        OptionalDouble swapped = probability(judgment, PresentationOrder.SECOND_FIRST);
        if (straight.isEmpty() || swapped.isEmpty()) {
            return;
        }
        asked++;
        if ((straight.getAsDouble() - 0.5) * (0.5 - swapped.getAsDouble()) > 0) {
            same++;
        }
    }

    /// Mean over the samples of one order that `first` is better.
    private static OptionalDouble probability(Judgment judgment, PresentationOrder order) {
        return judgment.getVerdicts().stream()
                .filter(verdict -> verdict.getOrder() == order)
                .filter(verdict -> verdict.getFirstProbability() != null)
                .mapToDouble(Verdict::getFirstProbability)
                .average();
    }

    OptionalDouble rate() {
        return asked == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) same / asked);
    }
}
