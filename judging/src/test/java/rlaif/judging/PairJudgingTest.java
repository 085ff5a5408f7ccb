package rlaif.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import rlaif.judging.evaluation.SamePosition;

class PairJudgingTest {
    private static final Retries QUICK =
            new Retries(5, Duration.ofMillis(1), Duration.ofMillis(3), Duration.ofSeconds(1));
    private static final PairJudging.Settings KEEP = new PairJudging.Settings(8, false, QUICK);

    private static PairToJudge pair(String first, String second) {
        return new PairToJudge("p1", JudgeContract.PRINCIPLE, "prompt", first, second);
    }

    private static JudgedPair judged(Judge judge, String first, String second)
            throws InterruptedException {
        return new PairJudging(judge, KEEP).judge(pair(first, second));
    }

    private static double probability(JudgedPair judged) {
        assertThat(judged).isInstanceOf(JudgedPair.Preferred.class);
        return ((JudgedPair.Preferred) judged).firstProbability();
    }

    /// A judge that answers as a function says and counts how often it was asked.
    private static class CountingJudge implements Judge {
        final AtomicInteger asked = new AtomicInteger();
        private final Function<Presentation, Reply> answer;

        CountingJudge(Function<Presentation, Reply> answer) {
            this.answer = answer;
        }

        @Override
        public String name() {
            return "counting";
        }

        @Override
        public String model() {
            return "counting";
        }

        @Override
        public String templateHash() {
            return "0".repeat(64);
        }

        @Override
        public Reply ask(Presentation presentation) {
            asked.incrementAndGet();
            return answer.apply(presentation);
        }
    }

    private static Reply readable(double probability1) {
        return new Reply.Verdict(probability1, 1, Reply.Exchange.none());
    }

    @Test
    void swappingAPairSwapsTheLabel() throws InterruptedException {
        Random random = new Random(11);
        for (int i = 0; i < 500; i++) {
            Judge judge = new FormulaJudge(random.nextGaussian());
            String first = "one " + "good ".repeat(random.nextInt(6));
            String second = "two " + "good ".repeat(random.nextInt(6));
            assertThat(probability(judged(judge, second, first)))
                    .isCloseTo(1 - probability(judged(judge, first, second)), within(1e-15));
        }
    }

    @Test
    void swappingAPairSwapsTheLabelHoweverItIsJudged() throws InterruptedException {
        Random random = new Random(23);
        for (int i = 0; i < 500; i++) {
            Judge judge = new FormulaJudge(random.nextGaussian());
            PairJudging judging =
                    new PairJudging(
                            judge,
                            KEEP.withSecondOrder(
                                            new SecondOrderRule.Uncertain(
                                                    random.nextDouble() / 2, random.nextDouble()))
                                    .withSamples(1 + random.nextInt(3))
                                    .withCache(random.nextInt(2) * 10));
            String first = "one " + "good ".repeat(random.nextInt(6));
            String second = "two " + "good ".repeat(random.nextInt(6));
            String id = "p" + i;
            JudgedPair.Preferred one = preferred(judging, id, first, second);
            JudgedPair.Preferred swapped = preferred(judging, id, second, first);
            assertThat(swapped.firstProbability())
                    .isCloseTo(1 - one.firstProbability(), within(1e-15));
            assertThat(swapped.secondOrder()).isEqualTo(one.secondOrder());
        }
    }

    private static JudgedPair.Preferred preferred(
            PairJudging judging, String id, String first, String second)
            throws InterruptedException {
        PairToJudge pair = new PairToJudge(id, JudgeContract.PRINCIPLE, "prompt", first, second);
        return (JudgedPair.Preferred) judging.judge(pair);
    }

    @Test
    void aFirstOrderTakesEitherPlaceAsOften() {
        int shownFirst = 0;
        for (int i = 0; i < 1_000; i++) {
            PairToJudge pair =
                    new PairToJudge("p", JudgeContract.PRINCIPLE, "prompt " + i, "a", "b");
            shownFirst += pair.firstOrder() == Order.FIRST_SECOND ? 1 : 0;
        }
        assertThat(shownFirst).isBetween(430, 570);
    }

    @Test
    void anOrderWithHalfOfItsSamplesUnreadableIsReadFromTheRest() throws InterruptedException {
        Judge judge =
                new CountingJudge(shown ->
                        shown.sample() == 0
                                ? readable(0.8)
                                : new Reply.Unreadable(0.2, Reply.Exchange.none()));
        assertThat(probability(new PairJudging(judge, KEEP.withSamples(2)).judge(pair("a", "b"))))
                .isCloseTo(0.5, within(1e-15));
        assertThat(new PairJudging(judge, KEEP.withSamples(3)).judge(pair("a", "b")))
                .isInstanceOf(JudgedPair.Abstained.class);
    }

    @Test
    void positionBiasAloneGivesATie() throws InterruptedException {
        assertThat(probability(judged(new FormulaJudge(3), "good one", "good two")))
                .isCloseTo(0.5, within(1e-15));
    }

    @Test
    void theOrdersAreAveragedInProbability() throws InterruptedException {
        Judge judge =
                new CountingJudge(
                        shown -> readable(shown.completion1().equals("first") ? 0.9 : 0.4));
        // P12(first) = 0.9, P21(first) = 1 - 0.4
        assertThat(probability(judged(judge, "first", "second"))).isCloseTo(0.75, within(1e-15));
    }

    @Test
    void disagreeingOrdersKeepTheirSoftLabelUnlessTheSettingsAbstain() throws InterruptedException {
        Judge judge = new CountingJudge(_ -> readable(0.8)); // always the first place
        assertThat(probability(judged(judge, "a", "b"))).isCloseTo(0.5, within(1e-15));
        PairJudging abstaining = new PairJudging(judge, new PairJudging.Settings(8, true, QUICK));
        assertThat(abstaining.judge(pair("a", "b")))
                .isInstanceOfSatisfying(
                        JudgedPair.Abstained.class,
                        abstained -> {
                            assertThat(abstained.reason())
                                    .isEqualTo(JudgedPair.Reason.ORDERS_DISAGREE);
                            assertThat(abstained.asked()).hasSize(2);
                        });
        Judge tie = new CountingJudge(_ -> readable(0.5));
        assertThat(
                        new PairJudging(tie, new PairJudging.Settings(8, true, QUICK))
                                .judge(pair("a", "b")))
                .isInstanceOf(JudgedPair.Preferred.class);
    }

    @Test
    void identicalCompletionsNeedNoCall() throws InterruptedException {
        CountingJudge judge = new CountingJudge(_ -> readable(0.8));
        assertThat(judged(judge, "same", "same"))
                .isEqualTo(
                        new JudgedPair.Abstained(
                                JudgedPair.Reason.IDENTICAL, SecondOrder.NONE, List.of()));
        assertThat(judged(judge, "same ", "same\u200b")).isInstanceOf(JudgedPair.Abstained.class);
        assertThat(judge.asked).hasValue(0);
    }

    @Test
    void aDegenerateCompletionLosesWithoutACall() throws InterruptedException {
        CountingJudge judge = new CountingJudge(_ -> readable(0.99));
        for (String key :
                List.of("", "  ", ":", "...", "Thought process:", "Solution", "**Answer:**", "解")) {
            assertThat(probability(judged(judge, key, "i can help"))).isZero();
            assertThat(probability(judged(judge, "i can help", key))).isEqualTo(1);
        }
        assertThat(judged(judge, ":", "Solution"))
                .isEqualTo(
                        new JudgedPair.Abstained(
                                JudgedPair.Reason.BOTH_DEGENERATE, SecondOrder.NONE, List.of()));
        assertThat(judge.asked).hasValue(0);
    }

    @Test
    void anUnreadableOrderAbstains() throws InterruptedException {
        Judge judge =
                new CountingJudge(shown ->
                        shown.completion1().equals("a")
                                ? readable(0.9)
                                : new Reply.Unreadable(0.2, Reply.Exchange.none()));
        assertThat(judged(judge, "a", "b"))
                .isInstanceOfSatisfying(
                        JudgedPair.Abstained.class,
                        abstained ->
                                assertThat(abstained.reason())
                                        .isEqualTo(JudgedPair.Reason.UNREADABLE));
    }

    @Test
    void aCallThatFailsForAWhileEndsInTheSameLabel() throws InterruptedException {
        AtomicInteger failures = new AtomicInteger(4);
        Judge judge =
                new CountingJudge(shown ->
                        failures.getAndDecrement() > 0
                                ? new Reply.RetryLater("status 429", Duration.ofMillis(2))
                                : new FormulaJudge(0.3).ask(shown));
        JudgedPair judged = judged(judge, "good good", "bad");
        assertThat(probability(judged))
                .isEqualTo(probability(judged(new FormulaJudge(0.3), "good good", "bad")));
        assertThat(judged.asked().stream().mapToInt(AskedOrder::attempts).sum()).isEqualTo(6);
    }

    /// A judge that answers about everything but one prompt.
    private static CountingJudge poisonedBy(String prompt, Reply reply) {
        return new CountingJudge(shown -> shown.prompt().equals(prompt) ? reply : readable(0.6));
    }

    private static PairToJudge poison() {
        return new PairToJudge("p2", JudgeContract.PRINCIPLE, "poison", "a", "b");
    }

    @Test
    void aPairThatFailsOverAndOverWhileOthersAreAnsweredIsGivenUp() throws InterruptedException {
        CountingJudge judge =
                poisonedBy("poison", new Reply.RetryLater("status 500", Duration.ZERO));
        PairJudging judging = new PairJudging(judge, KEEP);
        judging.judge(pair("a", "b"));
        assertThat(judging.judge(poison()))
                .isInstanceOfSatisfying(
                        JudgedPair.Failed.class,
                        failed -> {
                            assertThat(failed.cause()).isEqualTo("status 500");
                            assertThat(failed.attempts()).isEqualTo(12); // 1 + 5 retries, twice
                            assertThat(failed.failure()).isEqualTo(JudgedPair.Failure.UNAVAILABLE);
                        });
    }

    @Test
    void aRefusalIsNotRepeated() throws InterruptedException {
        CountingJudge judge = new CountingJudge(_ -> new Reply.Refused("status 400"));
        assertThat(judged(judge, "a", "b"))
                .isInstanceOfSatisfying(
                        JudgedPair.Failed.class,
                        failed ->
                                assertThat(failed.failure()).isEqualTo(JudgedPair.Failure.REFUSED));
        assertThat(judge.asked).hasValue(2);
    }

    @Test
    void aWaitBeyondWhatIsAllowedGivesUpAPairWhenOthersAreAnswered() throws InterruptedException {
        CountingJudge judge =
                poisonedBy("poison", new Reply.RetryLater("status 429", Duration.ofHours(1)));
        PairJudging judging = new PairJudging(judge, KEEP);
        judging.judge(pair("a", "b"));
        assertThat(judging.judge(poison()))
                .isInstanceOfSatisfying(
                        JudgedPair.Failed.class,
                        failed -> assertThat(failed.attempts()).isEqualTo(2));
    }

    @Test
    void noMoreCallsAreUnderWayThanAllowed() throws InterruptedException {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Judge judge =
                new CountingJudge(_ -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    try {
                        Thread.sleep(2);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    now.decrementAndGet();
                    return readable(0.6);
                });
        PairJudging judging = new PairJudging(judge, new PairJudging.Settings(3, false, QUICK));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    judging.judge(pair("a", "b"));
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(most).hasValue(3);
    }

    @Test
    void samplesOfAJudgeThatDrawsNothingAreRefused() {
        Judge computing =
                new CountingJudge(_ -> readable(0.6)) {
                    @Override
                    public boolean drawsSamples() {
                        return false;
                    }
                };
        new PairJudging(computing, KEEP);
        assertThatThrownBy(() -> new PairJudging(computing, KEEP.withSamples(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("set judge.selfConsistency to 1");
    }

    @Test
    void theFirstPairIsGivenUpTooWhereTheJudgeIsKnownToAnswerAnother() throws InterruptedException {
        Judge probed =
                new CountingJudge(shown ->
                        shown.prompt().equals("poison")
                                ? new Reply.RetryLater("status 500", Duration.ZERO)
                                : readable(0.6)) {
                    @Override
                    public Optional<Presentation> answeredBefore() {
                        return Optional.of(pair("a", "b").in(Order.FIRST_SECOND, 0));
                    }
                };
        assertThat(new PairJudging(probed, KEEP).judge(poison()))
                .isInstanceOfSatisfying(
                        JudgedPair.Failed.class,
                        failed -> assertThat(failed.attempts()).isEqualTo(12));
    }

    @Test
    void aJudgeThatThrowsGivesNoLabel() {
        Judge judge =
                new CountingJudge(_ -> {
                    throw new IllegalStateException("broken");
                });
        assertThatThrownBy(() -> judged(judge, "a", "b")).hasMessageContaining("broken");
    }

    /// What judging some pairs of close and clear quality under a rule tells of the judge's flips.
    private static SamePosition flips(SecondOrderRule rule, SecondOrder counted)
            throws InterruptedException {
        PairJudging judging = new PairJudging(new FormulaJudge(0.5), KEEP.withSecondOrder(rule));
        Random random = new Random(31);
        SamePosition flips = SamePosition.NONE;
        for (int i = 0; i < 4_000; i++) {
            JudgedPair.Preferred judged =
                    preferred(
                            judging,
                            "p" + i,
                            "one " + "good ".repeat(random.nextInt(4)),
                            "two " + "good ".repeat(random.nextInt(4)));
            if (judged.secondOrder() == counted) {
                flips = flips.with(shown1(judged, 0), shown1(judged, 1));
            }
        }
        return flips;
    }

    private static double shown1(JudgedPair judged, int asked) {
        return ((Reply.Verdict) judged.asked().get(asked).reply()).probability1();
    }

    @Test
    void theAuditShareIsOfAllPairsSoThatItsFlipRateIsTheirs() throws InterruptedException {
        SamePosition all = flips(new SecondOrderRule.Always(), SecondOrder.ALWAYS);
        SamePosition audited = flips(new SecondOrderRule.Uncertain(0.4, 0.25), SecondOrder.AUDIT);
        assertThat(all.rate().orElseThrow()).isCloseTo(0.25, within(0.02)); // 4 of 16 are equal
        assertThat(audited.pairs()).isBetween(900L, 1_100L);
        assertThat(audited.rate().orElseThrow()).isCloseTo(all.rate().orElseThrow(), within(0.04));
    }
}
