package rlaif.cli.judging;

import java.util.OptionalDouble;
import rlaif.judging.DegenerateCompletion;
import rlaif.judging.Judge;
import rlaif.judging.ModelText;
import rlaif.judging.Presentation;
import rlaif.judging.Reply;

/// What a judge replied about one pair, asked once in each order.
///
/// @param shown reply with the first completion in the first place
/// @param swapped reply with the second completion in the first place
/// @param withoutCall what judging would decide about this pair without asking; empty: it would ask
public record ProbedPair(Reply shown, Reply swapped, String withoutCall) {

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
        return new ProbedPair(judge.ask(pair), judge.ask(swapped), withoutCall(pair));
    }

    /// P(first), the orders averaged; empty: there is no label.
    public OptionalDouble label() {
        return shown instanceof Reply.Verdict verdict && swapped instanceof Reply.Verdict other
                ? OptionalDouble.of((verdict.probability1() + 1 - other.probability1()) / 2)
                : OptionalDouble.empty();
    }

    public Outcome outcome() {
        if (label().isPresent()) {
            return Outcome.LABELLED;
        }
        return isMissing(shown) || isMissing(swapped) ? Outcome.NO_REPLY : Outcome.UNREADABLE;
    }

    private static boolean isMissing(Reply reply) {
        return reply instanceof Reply.Refused || reply instanceof Reply.RetryLater;
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
