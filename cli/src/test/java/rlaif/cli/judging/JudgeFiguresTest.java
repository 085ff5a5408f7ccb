package rlaif.cli.judging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import rlaif.judging.AskedOrder;
import rlaif.judging.Constitution;
import rlaif.judging.JudgedPair;
import rlaif.judging.Order;
import rlaif.judging.PairToJudge;
import rlaif.judging.ReadingMode;
import rlaif.judging.Reply;
import rlaif.judging.SecondOrder;
import rlaif.judging.limits.Prices;
import rlaif.judging.limits.Spent;

class JudgeFiguresTest {
    private static final LabelledPair TRUTH =
            new LabelledPair(
                    new PairToJudge(
                            "p",
                            Constitution.shipped().principles().getFirst(),
                            "prompt",
                            "one",
                            "two"),
                    1);

    private static AskedOrder order(Order order, int attempts, Duration latency) {
        Reply.Exchange exchange =
                new Reply.Exchange(
                        ReadingMode.LOGPROBS,
                        "",
                        "",
                        "",
                        latency,
                        OptionalInt.empty(),
                        OptionalInt.empty());
        Reply reply = new Reply.Verdict(0.5, 1, exchange);
        return new AskedOrder(order, 0, reply, attempts, false, Spent.NOTHING);
    }

    private static JudgedPair judged(int attempts, Duration latency) {
        return new JudgedPair.Preferred(
                0.7,
                SecondOrder.ALWAYS,
                List.of(
                        order(Order.FIRST_SECOND, attempts, latency),
                        order(Order.SECOND_FIRST, attempts, latency)));
    }

    @Test
    void rememberedReplyIsNoCall() {
        JudgeFigures figures = new JudgeFigures(new Prices(1, 1));
        figures.add(TRUTH, judged(1, Duration.ofMillis(80)));
        figures.add(TRUTH, judged(0, Duration.ZERO));

        assertThat(figures.calls()).isEqualTo(2);
        assertThat(figures.latency(0.5)).hasValue(Duration.ofMillis(80));
        assertThat(figures.labelled()).isEqualTo(2);
    }

    @Test
    void labelsWithoutACallTellNothingOfAJudgeThatReadsNothing() {
        JudgeFigures figures = new JudgeFigures(new Prices(1, 1));
        figures.add(TRUTH, new JudgedPair.Preferred(0, SecondOrder.NONE, List.of()));
        assertThat(figures.tellNothing()).as("nobody was asked").isFalse();

        figures.add(
                TRUTH,
                new JudgedPair.Abstained(
                        JudgedPair.Reason.UNREADABLE,
                        SecondOrder.ALWAYS,
                        List.of(order(Order.FIRST_SECOND, 1, Duration.ZERO))));
        assertThat(figures.tellNothing()).isTrue();

        figures.add(TRUTH, judged(1, Duration.ZERO));
        assertThat(figures.tellNothing()).isFalse();
    }
}
