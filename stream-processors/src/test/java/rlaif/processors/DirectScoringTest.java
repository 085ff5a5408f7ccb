package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Rollout;
import rlaif.events.ScoredRollout;
import rlaif.judging.CompletionToScore;
import rlaif.judging.JudgeCalls;
import rlaif.judging.Reply;
import rlaif.judging.Retries;
import rlaif.judging.ScoringJudge;
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

    /// Scores a completion with the number of its characters, at most 10; says nothing useful on
    /// `down`, `dim` and `no`.
    private static final class LengthJudge implements ScoringJudge {
        final Set<String> asked = ConcurrentHashMap.newKeySet();

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
        public Reply score(CompletionToScore completion) {
            asked.add(completion.rolloutId());
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
        return new TestStream(
                folder,
                (connection, codecs) ->
                        ScoreTopology.direct(
                                connection,
                                codecs,
                                judge,
                                calls(),
                                constitutions,
                                new DirectScoringSettings(
                                        "nine-rules", 7, CALLS, Duration.ofMinutes(10))));
    }

    private static JudgeCalls calls() {
        return new JudgeCalls("length", CALLS, _ -> {});
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
                                            calls(),
                                            constitutions,
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
}
