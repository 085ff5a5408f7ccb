package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.COLLECTION;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Rollout;
import rlaif.events.ScoredRollout;
import rlaif.judging.CompletionScoring;
import rlaif.judging.CompletionToScore;
import rlaif.judging.JudgeCalls;
import rlaif.judging.Reply;
import rlaif.judging.Retries;
import rlaif.judging.ScoringJudge;
import rlaif.judging.limits.Breaker;
import rlaif.judging.limits.Budgets;
import rlaif.judging.limits.Prices;
import rlaif.judging.limits.Spent;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;

class DirectScoringTest {
    private static final Retries QUICK =
            new Retries(2, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(1));

    private static final JudgeCalls.Settings CALLS =
            JudgeCalls.Settings.DEFAULT.withMaxInFlight(4).withRetries(QUICK);

    @TempDir private Path folder;
    private final FixedConstitutions constitutions = new FixedConstitutions();
    private final LengthJudge judge = new LengthJudge();
    private final Intake intake = new Intake();
    private final Queue<String> notices = new ConcurrentLinkedQueue<>();

    /// Scores a completion with the number of its characters, at most 10; says nothing useful on
    /// `down`, `dim` and `no`.
    private static final class LengthJudge implements ScoringJudge {
        final Set<String> asked = ConcurrentHashMap.newKeySet();
        volatile boolean down;
        volatile CountDownLatch gate = new CountDownLatch(0);

        @Override
        public String name() {
            return "length";
        }

        @Override
        public String model() {
            return "length-1";
        }

        @Override
        public String templateHash() {
            return "ef".repeat(32);
        }

        @Override
        public Reply score(CompletionToScore completion) throws InterruptedException {
            asked.add(completion.rolloutId());
            gate.await();
            if (down) {
                return new Reply.RetryLater("connection refused", Duration.ZERO);
            }
            return switch (completion.completion()) {
                case "down" -> new Reply.RetryLater(Reply.Obstacle.LOAD, "HTTP 503", Duration.ZERO);
                case "dim" -> new Reply.Unreadable(0.4, Reply.Exchange.none());
                case "no" -> new Reply.Refused("HTTP 400");
                case "bug" -> throw new IllegalStateException("a bug");
                default ->
                        new Reply.Scored(
                                Math.min(10, completion.completion().length()),
                                1,
                                Reply.Exchange.none());
            };
        }
    }

    private TestStream open() throws IOException {
        return open(settings(JudgingSettings.Principles.DRAWN, CALLS));
    }

    private TestStream open(DirectScoringSettings settings) throws IOException {
        return new TestStream(
                folder,
                (connection, codecs) ->
                        ScoreTopology.direct(
                                connection,
                                codecs,
                                judge,
                                calls(settings),
                                constitutions,
                                intake,
                                settings));
    }

    private static DirectScoringSettings settings(
            JudgingSettings.Principles principles, JudgeCalls.Settings calls) {
        return new DirectScoringSettings(
                "nine-rules", 7, principles, calls, Duration.ofMinutes(10));
    }

    private JudgeCalls calls(DirectScoringSettings settings) {
        return new JudgeCalls("length", settings.calls(), notices::add);
    }

    private boolean isHeld(TestStream stream) {
        return intake.holds(new TopicPartition(stream.connection.name(Topic.ROLLOUTS), 0));
    }

    private void awaitNotice(TestStream stream, String part) throws InterruptedException {
        long deadline = System.nanoTime() + TestStream.LONGEST_WAIT.toNanos();
        while (notices.stream().noneMatch(line -> line.contains(part))) {
            assertThat(System.nanoTime())
                    .as("no notice of '%s': %s", part, notices)
                    .isLessThan(deadline);
            stream.advance(Duration.ofMillis(20));
            Thread.sleep(1);
        }
        stream.advance(Duration.ofMillis(20));
    }

    private static void pipe(TestStream stream, List<Rollout> group) {
        group.forEach(rollout -> stream.pipe(Topic.ROLLOUTS, rollout.getPromptId(), rollout));
    }

    @Test
    void itsPrintedFormIsTheGoldenOne() throws IOException {
        try (var golden = getClass().getResourceAsStream("direct-score-topology.txt");
                TestStream stream = open()) {
            assertThat(
                            ScoreTopology.direct(
                                            stream.connection,
                                            stream.codecs,
                                            judge,
                                            calls(DirectScoringSettings.DEFAULT),
                                            constitutions,
                                            intake,
                                            DirectScoringSettings.DEFAULT)
                                    .describe()
                                    .toString()
                                    .strip())
                    .isEqualTo(
                            golden == null
                                    ? ""
                                    : new String(golden.readAllBytes(), StandardCharsets.UTF_8)
                                            .strip());
        }
    }

    @Test
    void aScoreBecomesARewardBetweenMinusOneAndOneAndTheScoreItselfIsKept() throws Exception {
        try (TestStream stream = open()) {
            List<Rollout> group =
                    TestRollouts.group(1, "a completion", "a", "seven77", "", "Thought process:");
            pipe(stream, group);
            List<ScoredRollout> scored = stream.await(Topic.SCORED_ROLLOUTS, 5);
            assertThat(scored)
                    .extracting(ScoredRollout::getRawScore)
                    .containsExactly(10.0, 1.0, 7.0, 1.0, 1.0);
            assertThat(scored)
                    .extracting(ScoredRollout::getScore)
                    .containsExactly(1.0, -1.0, 2 * 6.0 / 9 - 1, -1.0, -1.0);
            assertThat(judge.asked)
                    .as("what says nothing needs no call")
                    .containsExactlyInAnyOrderElementsOf(
                            group.subList(0, 3).stream().map(Rollout::getId).toList());
            ScoredRollout first = scored.getFirst();
            assertThat(first.getScorer()).isEqualTo("length");
            assertThat(first.getScorerVersion()).isEqualTo(1);
            assertThat(first.getConstitutionId()).isEqualTo("nine-rules");
            assertThat(first.getTemplateHash()).isEqualTo("ef".repeat(32));
            for (var field : group.getFirst().getSchema().getFields()) {
                if (!field.name().equals("id")) {
                    assertThat(first.get(field.name()))
                            .as(field.name())
                            .isEqualTo(group.getFirst().get(field.name()));
                }
            }
            assertThat(stream.stored(DirectScoringProcessor.STORE)).isZero();
            assertThat(stream.stored(DirectScoringProcessor.STAMPS)).isZero();
        }
    }

    @Test
    void aGroupIsScoredByOnePrincipleOfTheVersionInForceWhenItWasWhole() throws Exception {
        try (TestStream stream = open()) {
            for (int prompt = 0; prompt < 40; prompt++) {
                if (prompt == 20) {
                    constitutions.activate(2);
                }
                pipe(stream, TestRollouts.group(prompt, "one", "three", "seven77"));
            }
            List<ScoredRollout> scored = stream.await(Topic.SCORED_ROLLOUTS, 120);
            scored.stream()
                    .collect(Collectors.groupingBy(ScoredRollout::getGroupId))
                    .values()
                    .forEach(group -> {
                        assertThat(group).hasSize(3);
                        assertThat(
                                        group.stream()
                                                .map(s -> s.getPrinciple() + s.getScorerVersion())
                                                .distinct())
                                .hasSize(1);
                    });
            assertThat(scored.stream().map(ScoredRollout::getScorerVersion).distinct())
                    .containsExactlyInAnyOrder(1L, 2L);
            assertThat(scored.stream().map(ScoredRollout::getPrinciple).distinct())
                    .hasSizeGreaterThan(5);
        }
    }

    @Test
    void aJudgeThatDoesNotScoreOneCompletionLeavesNoScoreInItsGroupAndNoneIsMadeUp()
            throws Exception {
        try (TestStream stream = open()) {
            pipe(stream, TestRollouts.group(1, "fine", "down"));
            pipe(stream, TestRollouts.group(2, "dim", "fine"));
            pipe(stream, TestRollouts.group(3, "fine", "no"));
            pipe(stream, TestRollouts.group(4, "bug", "fine"));
            pipe(stream, TestRollouts.group(5, "fine", "fine"));
            stream.pipeBytes(Topic.ROLLOUTS, "k", new byte[] {9, 9});
            assertThat(stream.<ScoredRollout>await(Topic.SCORED_ROLLOUTS, 2))
                    .allSatisfy(s -> assertThat(s.getPrompt()).contains("prompt 5 "));
            assertThat(stream.await(stream.connection.deadLetters(Topic.ROLLOUTS), 9))
                    .extracting(letter -> TestStream.header(letter, DeadLetters.CODE_HEADER))
                    .containsExactlyInAnyOrder(
                            "JUDGE_UNAVAILABLE",
                            "JUDGE_UNAVAILABLE",
                            "NOT_SCORABLE",
                            "NOT_SCORABLE",
                            "JUDGE_REFUSED",
                            "JUDGE_REFUSED",
                            "INTERNAL",
                            "INTERNAL",
                            "UNREADABLE");
            assertThat(stream.stored(DirectScoringProcessor.STORE)).isZero();
            assertThat(stream.stored(DirectScoringProcessor.STAMPS)).isZero();
        }
    }

    @Test
    void whereAllPrinciplesAreToCountAGroupIsScoredByAllAsOne() throws Exception {
        try (TestStream stream = open(settings(JudgingSettings.Principles.ALL, CALLS))) {
            pipe(stream, TestRollouts.group(1, "one", "three"));
            assertThat(stream.<ScoredRollout>await(Topic.SCORED_ROLLOUTS, 2))
                    .extracting(ScoredRollout::getPrinciple)
                    .containsOnly("all");
        }
    }

    private static JudgeCalls.Settings tripping() {
        return CALLS.withBreaker(
                new Breaker.Settings(
                        5,
                        Duration.ofMillis(20),
                        20,
                        Duration.ofMillis(10),
                        Duration.ofMillis(40)));
    }

    @Test
    void anOutageHoldsGroupsAndIntakeAndLosesNothing() throws Exception {
        judge.down = true;
        try (TestStream stream = open(settings(JudgingSettings.Principles.DRAWN, tripping()))) {
            for (int prompt = 0; prompt < 3; prompt++) {
                pipe(stream, TestRollouts.group(prompt, "one", "three"));
            }
            List<Rollout> cut = TestRollouts.group(3, "one", "three");
            pipe(stream, cut.subList(0, 1));
            awaitNotice(stream, "judge 'length' answers nobody");
            assertThat(isHeld(stream)).isTrue();
            stream.advance(Duration.ofMinutes(9));
            stream.advance(Duration.ofMinutes(9));
            assertThat(stream.await(stream.connection.deadLetters(Topic.ROLLOUTS), 0))
                    .as("the rest of the group that was cut is held back in the topic")
                    .isEmpty();

            judge.down = false;
            assertThat(stream.<ScoredRollout>await(Topic.SCORED_ROLLOUTS, 6)).hasSize(6);
            awaitNotice(stream, "answers again");
            assertThat(isHeld(stream)).isFalse();
            pipe(stream, cut.subList(1, 2));
            stream.await(Topic.SCORED_ROLLOUTS, 2);
            assertThat(stream.await(stream.connection.deadLetters(Topic.ROLLOUTS), 0)).isEmpty();
        }
    }

    @Test
    void halfOfWhatMayBeOutstandingOrSixteenMegabytesHoldTheIntake() throws Exception {
        judge.gate = new CountDownLatch(1);
        String long6 = "long ".repeat(6 << 20).substring(0, 6 << 20);
        try (TestStream stream = open()) { // sixteen may be outstanding
            pipe(stream, TestRollouts.group(1, long6, long6));
            assertThat(isHeld(stream)).isFalse();
            pipe(stream, TestRollouts.group(2, long6, "short"));
            assertThat(isHeld(stream)).isTrue();
        }
        assertThat(intake).extracting("held").asInstanceOf(COLLECTION).isEmpty();
        try (TestStream stream = open()) {
            pipe(stream, TestRollouts.group(1, "one", "two", "three", "four", "five", "six"));
            assertThat(isHeld(stream)).isFalse();
            pipe(stream, TestRollouts.group(2, "one", "two"));
            assertThat(isHeld(stream)).isTrue();
        }
    }

    @Test
    void aBudgetThatIsUsedUpHoldsWhatHasNotBegunAndOutlivesTheProcess() throws Exception {
        JudgeCalls.Settings calls =
                CALLS.withMaxInFlight(1).withBudgets(new Budgets(2, 0, 0), Prices.NONE);
        try (TestStream stream = open(settings(JudgingSettings.Principles.DRAWN, calls))) {
            pipe(stream, TestRollouts.group(1, "one", "three"));
            stream.await(Topic.SCORED_ROLLOUTS, 2);
            assertThat(stream.spent(DirectScoringProcessor.SPENT)).isEqualTo("2 0 0");
            pipe(stream, TestRollouts.group(2, "one", "three"));
            awaitNotice(stream, "the budget of 2 requests is used up");
            assertThat(isHeld(stream)).isTrue();
            assertThat(judge.asked).hasSize(2);
        }
    }

    @Test
    void whatWasSpentBeforeARestartCountsAfterIt() throws Exception {
        DirectScoringSettings settings = settings(JudgingSettings.Principles.DRAWN, CALLS);
        JudgeCalls calls = calls(settings);
        Properties config = new Properties();
        config.put("application.id", "rlaif-test");
        config.put("bootstrap.servers", "nowhere:9092");
        var context =
                new MockProcessorContext<byte[], byte[]>(config, new TaskId(0, 0), folder.toFile());
        KeyValueStore<String, String> spent =
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(DirectScoringProcessor.SPENT),
                                Serdes.String(),
                                Serdes.String())
                        .withLoggingDisabled()
                        .build();
        spent.init(context.getStateStoreContext(), spent);
        spent.put("spent", "5 70 900");
        context.setCurrentSystemTimeMs(1_000);
        context.addStateStore(spent);
        context.addStateStore(new MapStore(DirectScoringProcessor.STORE));
        context.addStateStore(new MapStore(DirectScoringProcessor.STAMPS));
        Connection connection = TestStream.connection();
        try (Codecs codecs = new Codecs(connection)) {
            var processor =
                    new DirectScoringProcessor(
                            connection,
                            codecs,
                            judge,
                            new CompletionScoring(judge, calls),
                            constitutions,
                            intake,
                            settings);
            processor.init(context);
            assertThat(calls.status().spent()).isEqualTo(new Spent(5, 70, 900));
            processor.close();
            assertThat(calls.status().spent()).isEqualTo(Spent.NOTHING);
        }
    }

    @Test
    void anIncompleteGroupIsDeadLetteredWithoutACall() throws Exception {
        try (TestStream stream = open()) {
            pipe(stream, TestRollouts.group(1, "one", "two").subList(0, 1));
            stream.advance(Duration.ofMinutes(11));
            assertThat(stream.await(stream.connection.deadLetters(Topic.ROLLOUTS), 1))
                    .extracting(letter -> TestStream.header(letter, DeadLetters.CODE_HEADER))
                    .containsExactly("GROUP_INCOMPLETE");
            assertThat(judge.asked).isEmpty();
        }
    }

    @Test
    void aCompletionThatTakesTooLongIsSaidToHavePassedItsDeadline() throws Exception {
        JudgeCalls.Settings calls = CALLS.withItemDeadline(Duration.ofNanos(1));
        try (TestStream stream = open(settings(JudgingSettings.Principles.DRAWN, calls))) {
            pipe(stream, TestRollouts.group(1, "fine", "down"));
            assertThat(stream.await(stream.connection.deadLetters(Topic.ROLLOUTS), 2))
                    .extracting(letter -> TestStream.header(letter, DeadLetters.CODE_HEADER))
                    .containsOnly("DEADLINE");
        }
    }
}
