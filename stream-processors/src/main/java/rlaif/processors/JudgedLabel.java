package rlaif.processors;

import java.util.OptionalDouble;
import rlaif.events.AbstainReason;
import rlaif.events.Judgment;
import rlaif.events.Outcome;
import rlaif.events.PresentationOrder;
import rlaif.events.Verdict;

/// A judge's label under settings that may differ from those it judged by.
final class JudgedLabel {
    private JudgedLabel() {}

    /// Probability in [0, 1] that `first` is better; empty: the settings abstain, or the judge did
    /// for a reason that they cannot change.
    static OptionalDouble of(Judgment judgment, PreferenceSettings settings) {
        if (!settings.judge().isEmpty() && !settings.judge().equals(judgment.getJudge())) {
            return OptionalDouble.empty();
        }
        OptionalDouble p = said(judgment);
        if (p.isEmpty()
                || (settings.abstainOnDisagreement() && ordersDisagree(judgment))
                || Math.abs(p.getAsDouble() - 0.5) < settings.minMargin()) {
            return OptionalDouble.empty();
        }
        return p;
    }

    private static OptionalDouble said(Judgment judgment) {
        Double p = judgment.getFirstProbability();
        if (judgment.getOutcome() == Outcome.PREFERRED && p != null) {
            return OptionalDouble.of(p);
        }
        if (judgment.getAbstainReason() != AbstainReason.ORDERS_DISAGREE) {
            return OptionalDouble.empty();
        }
        OptionalDouble straight = inOrder(judgment, PresentationOrder.FIRST_SECOND);
        OptionalDouble swapped = inOrder(judgment, PresentationOrder.SECOND_FIRST);
        return straight.isEmpty() || swapped.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of((straight.getAsDouble() + swapped.getAsDouble()) / 2);
    }

    private static boolean ordersDisagree(Judgment judgment) {
        OptionalDouble straight = inOrder(judgment, PresentationOrder.FIRST_SECOND);
        OptionalDouble swapped = inOrder(judgment, PresentationOrder.SECOND_FIRST);
        return straight.isPresent()
                && swapped.isPresent()
                && (straight.getAsDouble() - 0.5) * (swapped.getAsDouble() - 0.5) < 0;
    }

    /// Mean over the samples of one order.
    static OptionalDouble inOrder(Judgment judgment, PresentationOrder order) {
        return judgment.getVerdicts().stream()
                .filter(verdict -> verdict.getOrder() == order)
                .filter(verdict -> verdict.getFirstProbability() != null)
                .mapToDouble(Verdict::getFirstProbability)
                .average();
    }
}
