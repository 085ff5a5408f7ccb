package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static rlaif.processors.TestJudging.pipe;
import static rlaif.processors.TestJudging.quick;
import static rlaif.processors.TestJudging.quickCalls;
import static rlaif.processors.TestJudging.refusedTopic;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Judgment;
import rlaif.events.Preference;
import rlaif.judging.JudgeCalls;
import rlaif.judging.Reply;
import rlaif.judging.Retries;
import rlaif.judging.limits.Budgets;
import rlaif.judging.limits.Prices;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;

@SuppressWarnings("NullAway.Init") // set before each test
class HeldJudgingTest {
    @TempDir private Path folder;
    private TestJudging stage;

    @BeforeEach
    void freshStage() {
        stage = new TestJudging(folder);
    }

    @Test
    void moreOutstandingThanAllowedHoldsTheStreamForAShortTimeOnly() throws Exception {
        stage.judge = SwitchedJudge.shut();
        try (TestStream stream = stage.open(stage.settings(0, 1))) { // sixteen may be outstanding
            long started = System.nanoTime();
            for (int prompt = 0; prompt < 20; prompt++) {
                pipe(stream, TestRollouts.group(prompt, "good", "bad"));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .isBetween(Duration.ofMillis(900), Duration.ofSeconds(15));
            assertThat(stream.stored(JudgingProcessor.STORE)).isEqualTo(20);
            stage.judge.release();
            assertThat(stream.<Preference>await(Topic.PREFERENCES, 20)).hasSize(20);
        }
    }

    @Test
    void anOutageHoldsPairsAndIntakeAndLosesNothing() throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        stage.judge.answer(shown ->
                down.get()
                        ? new Reply.RetryLater("connection refused", Duration.ZERO)
                        : stage.judge.askFormula(shown));
        try (TestStream stream = stage.open(stage.settings(quick().withCalls(quickCalls())))) {
            for (int prompt = 0; prompt < 10; prompt++) {
                pipe(stream, TestRollouts.group(prompt, "good", "bad"));
            }
            stage.awaitNotice(stream, "judge 'switched' answers nobody (last: connection refused)");
            assertThat(stage.isHeld(stream)).isTrue();
            Thread.sleep(200); // many times the retries that a pair has
            stream.advance(Duration.ofMillis(20));
            assertThat(stream.stored(JudgingProcessor.STORE)).isEqualTo(10);
            assertThat(stream.count(Topic.PAIRS)).isEqualTo(10);

            down.set(false);
            assertThat(stream.<Preference>await(Topic.PREFERENCES, 10)).hasSize(10);
            stage.awaitNotice(stream, "answers again");
            assertThat(stage.isHeld(stream)).isFalse();
            assertThat(stream.await(refusedTopic(stream, Topic.PAIRS), 0)).isEmpty();
            assertThat(stream.stored(JudgingProcessor.STORE)).isZero();
        }
    }

    @Test
    void anExpiredKeyHoldsPairsAndIntakeAndMakesNoDeadLetter() throws Exception {
        AtomicBoolean expired = new AtomicBoolean();
        stage.judge.answer(shown ->
                expired.get()
                        ? Reply.Refused.denied("status 401 (the API key is not accepted): expired")
                        : stage.judge.askFormula(shown));
        try (TestStream stream = stage.open(stage.settings(quick().withCalls(quickCalls())))) {
            pipe(stream, TestRollouts.group(0, "good", "bad"));
            stream.await(Topic.JUDGMENTS, 1);
            expired.set(true);
            for (int prompt = 1; prompt < 10; prompt++) {
                pipe(stream, TestRollouts.group(prompt, "good", "bad"));
            }
            stage.awaitNotice(
                    stream,
                    "judge 'switched' answers nobody (last: status 401 (the API key is not accepted): expired)");
            assertThat(stage.isHeld(stream)).isTrue();
            Thread.sleep(200); // many times the retries that a pair has
            stream.advance(Duration.ofMillis(20));
            assertThat(stream.stored(JudgingProcessor.STORE)).isEqualTo(9);

            expired.set(false);
            assertThat(stream.<Preference>await(Topic.PREFERENCES, 10)).hasSize(10);
            assertThat(stream.await(refusedTopic(stream, Topic.PAIRS), 0)).isEmpty();
            assertThat(stage.isHeld(stream)).isFalse();
        }
    }

    @Test
    void aPairThatIsDeniedAloneIsADeadLetter() throws Exception {
        stage.judge.answer(shown ->
                shown.prompt().contains("prompt 1 ")
                        ? Reply.Refused.denied("status 403 (access is not allowed): this content")
                        : stage.judge.askFormula(shown));
        try (TestStream stream = stage.open(stage.settings(quick().withCalls(quickCalls())))) {
            for (int prompt = 0; prompt < 4; prompt++) {
                pipe(stream, TestRollouts.group(prompt, "good", "bad"));
            }
            TestRecord<byte[], byte[]> letter =
                    stream.await(refusedTopic(stream, Topic.PAIRS), 1).getFirst();
            assertThat(TestStream.header(letter, DeadLetters.CODE_HEADER))
                    .isEqualTo("JUDGE_REFUSED");
            assertThat(TestStream.header(letter, DeadLetters.MESSAGE_HEADER))
                    .contains("status 403 (access is not allowed): this content");
            assertThat(stream.<Preference>await(Topic.PREFERENCES, 3)).hasSize(3);
            assertThat(stage.isHeld(stream)).isFalse();
        }
    }

    @Test
    void aBudgetThatIsUsedUpHoldsWhatHasNotBegunAndOutlivesTheProcess() throws Exception {
        JudgeStage.Settings settings =
                stage.settings(
                        quick().withCalls(
                                        quick().calls()
                                                .withMaxInFlight(2)
                                                .withBudgets(new Budgets(6, 0, 0), Prices.NONE)));
        try (TestStream stream = stage.open(settings)) {
            for (int prompt = 0; prompt < 10; prompt++) {
                pipe(stream, TestRollouts.group(prompt, "good", "bad"));
            }
            stage.awaitNotice(stream, "the budget of 6 requests is used up");
            List<Judgment> judged = stream.await(Topic.JUDGMENTS, 3);
            // What has begun is finished: each of the six requests may have begun a pair.
            assertThat(judged).hasSizeBetween(3, 6);
            assertThat(stage.isHeld(stream)).isTrue();
            assertThat(stream.stored(JudgingProcessor.STORE)).isEqualTo(10 - judged.size());
            assertThat(stream.spent(JudgingProcessor.SPENT))
                    .isEqualTo("%d 0 0".formatted(2 * judged.size()));
        }
    }

    @Test
    void aPairThatTakesTooLongIsADeadLetterOfItsOwnKind() throws Exception {
        stage.judge.answer(shown ->
                shown.prompt().contains("prompt 1 ")
                        ? new Reply.RetryLater("status 500", Duration.ZERO)
                        : stage.judge.askFormula(shown));
        JudgeCalls.Settings calls =
                quick().calls()
                        .withItemDeadline(Duration.ofMillis(50))
                        .withRetries(
                                new Retries(
                                        1_000,
                                        Duration.ofMillis(1),
                                        Duration.ofMillis(2),
                                        Duration.ofSeconds(1)));
        try (TestStream stream = stage.open(stage.settings(quick().withCalls(calls)))) {
            pipe(stream, TestRollouts.group(2, "good", "bad"));
            stream.await(Topic.JUDGMENTS, 1);
            pipe(stream, TestRollouts.group(1, "good", "bad"));
            TestRecord<byte[], byte[]> letter =
                    stream.await(refusedTopic(stream, Topic.PAIRS), 1).getFirst();
            assertThat(TestStream.header(letter, DeadLetters.CODE_HEADER)).isEqualTo("DEADLINE");
            assertThat(TestStream.header(letter, DeadLetters.MESSAGE_HEADER))
                    .contains("status 500");
        }
    }
}
