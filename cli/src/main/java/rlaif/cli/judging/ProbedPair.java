package rlaif.cli.judging;

import java.util.List;
import rlaif.judging.Judge;
import rlaif.judging.JudgeCalls;
import rlaif.judging.JudgedPair;
import rlaif.judging.Order;
import rlaif.judging.PairJudging;
import rlaif.judging.PairToJudge;
import rlaif.judging.SecondOrder;

/// One pair as the judge role judges it, but each request made once and overheard.
///
/// @param asked every order and sample that was asked; empty: no call was needed
public record ProbedPair(PairToJudge pair, JudgedPair judged, List<Asked> asked) {
    public ProbedPair {
        asked = List.copyOf(asked);
    }

    /// One sample of one order.
    ///
    /// @param sample index, from 0
    public record Asked(Order order, int sample, ProbedReply reply) {}

    /// @param settings how pairs are judged; how the endpoint is called, and for how much, is left
    ///   out
    /// @throws IllegalArgumentException if several samples are wanted of a judge that gives one
    public static ProbedPair ask(Judge judge, PairJudging.Settings settings, PairToJudge pair)
            throws InterruptedException {
        HeardJudge heard = new HeardJudge(judge);
        PairJudging judging =
                new PairJudging(heard, settings.withCalls(JudgeCalls.Settings.DEFAULT));
        JudgedPair judged = judging.judge(pair);
        return new ProbedPair(
                pair,
                judged,
                judged.asked().stream()
                        .map(one ->
                                new Asked(
                                        one.order(),
                                        one.sample(),
                                        heard.heard(pair.in(one.order(), one.sample()))))
                        .toList());
    }

    /// What was decided without a call, in words; empty: the judge was asked.
    public String withoutCall() {
        return switch (judged) {
            case JudgedPair.Preferred(double first, SecondOrder why, var _) ->
                    why != SecondOrder.NONE
                            ? ""
                            : "the %s completion says nothing: it loses"
                                    .formatted(first == 0 ? "first" : "second");
            case JudgedPair.Abstained(JudgedPair.Reason reason, var _, var _) ->
                    switch (reason) {
                        case IDENTICAL -> "the completions are equal: an abstention";
                        case BOTH_DEGENERATE -> "neither completion says anything: an abstention";
                        case UNREADABLE, ORDERS_DISAGREE -> "";
                    };
            case JudgedPair.Failed _ -> "";
        };
    }
}
