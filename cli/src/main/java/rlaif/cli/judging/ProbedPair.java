package rlaif.cli.judging;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import rlaif.judging.Bodies;
import rlaif.judging.DegenerateCompletion;
import rlaif.judging.Judge;
import rlaif.judging.ModelText;
import rlaif.judging.Presentation;
import rlaif.judging.Reply;

/// What a judge replied about one pair, asked once in each order.
///
/// @param shown with the first completion in the first place
/// @param swapped with the second completion in the first place
/// @param withoutCall what judging would decide about this pair without asking; empty: it would ask
public record ProbedPair(Probed shown, Probed swapped, String withoutCall) {

    /// What came of one order.
    ///
    /// @param calls all that were made for the reply, in their order
    public record Probed(Reply reply, List<Bodies> calls) {
        private static Probed ask(Judge judge, Presentation pair) throws InterruptedException {
            List<Bodies> calls = new ArrayList<>();
            Reply reply = judge.ask(pair, calls::add);
            return new Probed(reply, List.copyOf(calls));
        }

        private boolean isMissing() {
            return reply instanceof Reply.Refused || reply instanceof Reply.RetryLater;
        }
    }

    /// What came of the two orders together.
    public enum Outcome {
        LABELLED,
        UNREADABLE,
        NO_REPLY
    }

    public static ProbedPair ask(Judge judge, Presentation pair) throws InterruptedException {
        var swapped =
                new Presentation(
                        pair.pairId(),
                        pair.principle(),
                        pair.prompt(),
                        pair.completion2(),
                        pair.completion1());
        return new ProbedPair(
                Probed.ask(judge, pair), Probed.ask(judge, swapped), withoutCall(pair));
    }

    /// P(first), the orders averaged; empty: there is no label.
    public OptionalDouble label() {
        return shown.reply() instanceof Reply.Verdict verdict
                        && swapped.reply() instanceof Reply.Verdict other
                ? OptionalDouble.of((verdict.probability1() + 1 - other.probability1()) / 2)
                : OptionalDouble.empty();
    }

    public Outcome outcome() {
        if (label().isPresent()) {
            return Outcome.LABELLED;
        }
        return shown.isMissing() || swapped.isMissing() ? Outcome.NO_REPLY : Outcome.UNREADABLE;
    }

    private static String withoutCall(Presentation pair) {
        String first = ModelText.cleaned(pair.completion1());
        String second = ModelText.cleaned(pair.completion2());
        if (first.equals(second)) {
            return "the completions are equal: an abstention";
        }
        boolean firstSaysNothing = DegenerateCompletion.is(first);
        boolean secondSaysNothing = DegenerateCompletion.is(second);
        if (firstSaysNothing && secondSaysNothing) {
            return "neither completion says anything: an abstention";
        }
        return firstSaysNothing
                ? "the first completion says nothing: it loses"
                : secondSaysNothing ? "the second completion says nothing: it loses" : "";
    }
}
