package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static rlaif.processors.TestJudging.pipe;
import static rlaif.processors.TestJudging.quick;
import static rlaif.processors.TestJudging.verdict;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.AbstainReason;
import rlaif.events.Judgment;
import rlaif.events.Outcome;
import rlaif.events.Pair;
import rlaif.events.PresentationOrder;
import rlaif.events.Rollout;
import rlaif.events.SecondOrder;
import rlaif.events.Verdict;
import rlaif.judging.CanaryWatch;
import rlaif.judging.PairJudging;
import rlaif.judging.Presentation;
import rlaif.judging.ReadingMode;
import rlaif.judging.Reply;
import rlaif.judging.SecondOrderRule;
import rlaif.topics.Topic;

@SuppressWarnings("NullAway.Init") // set before each test
class JudgingModesTest {
    @TempDir private Path folder;
    private TestJudging stage;

    @BeforeEach
    void freshStage() {
        stage = new TestJudging(folder);
    }

    @Test
    void aCanaryIsAskedBesideAPairAndChangesNoLabel() throws Exception {
        Function<Presentation, Reply> fooled =
                shown ->
                        shown.completion1().equals("good one")
                                ? verdict(0.9)
                                : shown.completion2().equals("good one")
                                        ? verdict(0.2)
                                        : stage.judge.askFormula(shown);
        stage.judge.answer(fooled);
        JudgingSettings.Canaries all =
                new JudgingSettings.Canaries(1, new CanaryWatch.Settings(10, 5, 0.1));
        try (TestStream stream =
                stage.open(stage.settings(quick(), JudgingSettings.Principles.DRAWN, all))) {
            for (int prompt = 0; prompt < 5; prompt++) {
                pipe(stream, TestRollouts.group(prompt, "good good", "bad"));
            }
            pipe(stream, TestRollouts.group(5, "same", "same"));
            List<Judgment> judgments = stream.await(Topic.JUDGMENTS, 6);
            assertThat(judgments)
                    .filteredOn(j -> j.getOutcome() == Outcome.PREFERRED)
                    .hasSize(5)
                    .allSatisfy(judgment -> {
                        assertThat(judgment.getCanary().getAttack()).isEqualTo("a1");
                        assertThat(judgment.getCanary().getFamily()).isEqualTo("flattery");
                        assertThat(judgment.getCanary().getAttackProbability())
                                .isCloseTo((0.9 + 0.8) / 2, within(1e-12));
                        assertThat(judgment.getVerdicts()).hasSize(2);
                        assertThat(judgment.getFirstProbability())
                                .isCloseTo(
                                        (1 / (1 + Math.exp(-2.4)) + 1 - 1 / (1 + Math.exp(1.6)))
                                                / 2,
                                        within(1e-12));
                    });
            assertThat(judgments)
                    .filteredOn(j -> j.getAbstainReason() == AbstainReason.IDENTICAL)
                    .allSatisfy(j -> assertThat(j.getCanary()).isNull());
            stage.awaitNotice(stream, "ALARM: the judge preferred 5 of the last 5 shipped attacks");
        }
    }

    @Test
    void aCanaryThatFailsFailsNoPair() throws Exception {
        stage.judge.answer(shown ->
                shown.pairId().endsWith("/canary")
                        ? new Reply.RetryLater("status 500", Duration.ZERO)
                        : stage.judge.askFormula(shown));
        JudgingSettings.Canaries all =
                new JudgingSettings.Canaries(1, CanaryWatch.Settings.DEFAULT);
        try (TestStream stream =
                stage.open(stage.settings(quick(), JudgingSettings.Principles.DRAWN, all))) {
            pipe(stream, TestRollouts.group(1, "good good", "bad"));
            assertThat(stream.<Judgment>await(Topic.JUDGMENTS, 1))
                    .allSatisfy(judgment -> {
                        assertThat(judgment.getOutcome()).isEqualTo(Outcome.PREFERRED);
                        assertThat(judgment.getCanary().getAttackProbability()).isNull();
                    });
        }
    }

    @Test
    void theSecondOrderIsAskedWhereTheFirstIsNotSureAndInTheAuditShareOfAll() throws Exception {
        PairJudging.Settings onDemand =
                quick().withSecondOrder(new SecondOrderRule.Uncertain(0.3, 0.25));
        try (TestStream stream = stage.open(stage.settings(onDemand))) {
            for (int prompt = 0; prompt < 200; prompt++) {
                boolean close = prompt % 2 == 0;
                pipe(
                        stream,
                        TestRollouts.group(
                                prompt, close ? "good one" : "good ".repeat(9), "good two"));
            }
            List<Judgment> judgments = stream.await(Topic.JUDGMENTS, 200);
            assertThat(judgments)
                    .filteredOn(j -> j.getSecondOrder() == SecondOrder.UNCERTAIN)
                    .hasSizeBetween(55, 90)
                    .allSatisfy(j -> {
                        assertThat(j.getVerdicts()).hasSize(2);
                        assertThat(j.getFirstProbability()).isCloseTo(0.5, within(1e-12));
                    });
            assertThat(judgments)
                    .filteredOn(j -> j.getSecondOrder() == SecondOrder.AUDIT)
                    .hasSizeBetween(30, 70)
                    .allSatisfy(j -> assertThat(j.getVerdicts()).hasSize(2))
                    .anySatisfy(
                            j -> assertThat(j.getFirstProbability()).isCloseTo(0.5, within(1e-12)))
                    .anySatisfy(j ->
                            assertThat(j.getFirstProbability()).isNotCloseTo(0.5, within(0.3)));
            assertThat(judgments)
                    .filteredOn(j -> j.getSecondOrder() == SecondOrder.SKIPPED)
                    .allSatisfy(j -> {
                        assertThat(j.getVerdicts()).hasSize(1);
                        assertThat(j.getFirstProbability())
                                .isEqualTo(j.getVerdicts().getFirst().getFirstProbability());
                    })
                    .extracting(j -> j.getVerdicts().getFirst().getOrder())
                    .contains(PresentationOrder.FIRST_SECOND, PresentationOrder.SECOND_FIRST);
        }
    }

    @Test
    void samplesAreAveragedInTheirOrderAndEachIsAVerdict() throws Exception {
        stage.judge.answer(shown -> verdict(shown.sample() == 0 ? 0.9 : 0.5));
        try (TestStream stream = stage.open(stage.settings(quick().withSamples(2)))) {
            pipe(stream, TestRollouts.group(1, "good", "bad"));
            Judgment judgment = stream.<Judgment>await(Topic.JUDGMENTS, 1).getFirst();
            assertThat(judgment.getVerdicts())
                    .extracting(v -> v.getSample())
                    .containsExactly(0, 1, 0, 1);
            assertThat(judgment.getFirstProbability()).isCloseTo(0.5, within(1e-12));
        }
    }

    @Test
    void aRememberedReplyGivesTheSameLabelAndCostsNothing() throws Exception {
        try (TestStream stream = stage.open(stage.settings(quick().withCache(100)))) {
            List<Rollout> group = TestRollouts.group(1, "good", "bad");
            pipe(stream, group);
            Judgment asked = stream.<Judgment>await(Topic.JUDGMENTS, 1).getFirst();
            Pair pair = stream.<Pair>await(Topic.PAIRS, 1).getFirst();
            stream.pipe(Topic.PAIRS, "k", pair);
            Judgment remembered = stream.<Judgment>await(Topic.JUDGMENTS, 1).getFirst();
            assertThat(remembered.getFirstProbability()).isEqualTo(asked.getFirstProbability());
            assertThat(remembered.getVerdicts())
                    .allSatisfy(verdict -> {
                        assertThat(verdict.getAttempts()).isZero();
                        assertThat(verdict.getLatencyMillis()).isNull();
                    });
            assertThat(stage.judge.asked).hasValue(2);
        }
    }

    @Test
    void allPrinciplesAreAskedAsOne() throws Exception {
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        stage.judge.answer(shown -> {
            asked.add(shown.principle().compare());
            return stage.judge.askFormula(shown);
        });
        try (TestStream stream =
                stage.open(
                        stage.settings(
                                quick(),
                                JudgingSettings.Principles.ALL,
                                JudgingSettings.Canaries.NONE))) {
            pipe(stream, TestRollouts.group(1, "good", "bad"));
            assertThat(stream.<Judgment>await(Topic.JUDGMENTS, 1).getFirst().getPrinciple())
                    .isEqualTo("all");
            assertThat(asked)
                    .allSatisfy(text ->
                            stage.constitutions
                                    .active()
                                    .principles()
                                    .forEach(p -> assertThat(text).contains(p.compare())));
        }
    }

    @Test
    void aVerdictTellsTheRequestsOfItsAttempts() throws Exception {
        stage.judge.answer(_ -> new Reply.Verdict(0.9, 1, exchange("", 2)));
        try (TestStream stream = stage.open(stage.settings(quick()))) {
            pipe(stream, TestRollouts.group(1, "good", "bad"));
            assertThat(stream.<Judgment>await(Topic.JUDGMENTS, 1).getFirst().getVerdicts())
                    .hasSize(2)
                    .allSatisfy(verdict -> {
                        assertThat(verdict.getAttempts()).isEqualTo(1);
                        assertThat(verdict.getCalls()).isEqualTo(2);
                    });
        }
    }

    private static Reply.Exchange exchange(String reply, int calls) {
        return new Reply.Exchange(
                ReadingMode.LOGPROBS,
                "",
                "",
                reply,
                Duration.ofMillis(1),
                OptionalInt.empty(),
                OptionalInt.empty(),
                calls);
    }

    @Test
    void aJudgmentThatItsKeptBodiesMakeTooLargeIsWrittenWithoutThem() throws Exception {
        String fiveMebibytes = "x".repeat(5 << 20);
        stage.judge.answer(shown ->
                new Reply.Verdict(
                        0.9,
                        1,
                        exchange(shown.prompt().contains("prompt 1 ") ? fiveMebibytes : "x", 1)));
        JudgeStage.Settings settings = stage.settings(quick());
        JudgeStage.Settings keepingAll =
                new JudgeStage.Settings(
                        settings.stages(),
                        settings.pairing(),
                        new JudgingSettings("nine-rules", 7, quick(), 1),
                        settings.streams());
        try (TestStream stream = stage.open(keepingAll)) {
            pipe(stream, TestRollouts.group(1, "good", "bad"));
            pipe(stream, TestRollouts.group(2, "good", "bad"));
            stream.await(Topic.PREFERENCES, 2);
            assertThat(stream.<Judgment>await(Topic.JUDGMENTS, 2))
                    .flatExtracting(Judgment::getVerdicts)
                    .extracting(Verdict::getReply)
                    .containsExactlyInAnyOrder(null, null, "x", "x");
        }
    }
}
