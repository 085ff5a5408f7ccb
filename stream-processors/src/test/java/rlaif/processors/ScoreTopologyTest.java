package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Rollout;
import rlaif.events.ScoredRollout;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;

class ScoreTopologyTest {
    @TempDir private Path folder;
    private final LengthScorer scorer = new LengthScorer();

    /// Scores a completion with its length, with another version at each use.
    private static final class LengthScorer implements NewestScorer, Scorer {
        final List<Integer> batches = new ArrayList<>();
        private long version;

        @Override
        public void use(Consumer<Scorer> use) {
            version++;
            use.accept(this);
        }

        @Override
        public long version() {
            return version;
        }

        @Override
        public String tokenizerDigest() {
            return TestRollouts.TOKENIZER;
        }

        @Override
        public Optional<String> objection(Rollout rollout) {
            return rollout.getCompletionTokens().isEmpty()
                    ? Optional.of("completion has no tokens")
                    : Optional.empty();
        }

        @Override
        public List<Double> rawScores(List<Rollout> rollouts) {
            batches.add(rollouts.size());
            return rollouts.stream()
                    .map(r -> r.getCompletion().equals("nan") ? Double.NaN : length(r))
                    .toList();
        }

        private static double length(Rollout rollout) {
            return rollout.getCompletion().length();
        }

        @Override
        public double normalised(double rawScore) {
            return (rawScore - 5) / 2;
        }
    }

    private TestStream open(int batchRollouts) throws IOException {
        return new TestStream(
                folder,
                (connection, codecs) ->
                        ScoreTopology.of(
                                connection,
                                codecs,
                                scorer,
                                new ScoringSettings(
                                        "reward-model", batchRollouts, Duration.ofMinutes(10))));
    }

    private static void pipe(TestStream stream, List<Rollout> group) {
        group.forEach(rollout -> stream.pipe(Topic.ROLLOUTS, rollout.getPromptId(), rollout));
    }

    private static List<String> refusals(TestStream stream, int count) throws InterruptedException {
        return stream.await(stream.connection.deadLetters(Topic.ROLLOUTS), count).stream()
                .map(letter -> TestStream.header(letter, DeadLetters.CODE_HEADER))
                .toList();
    }

    @Test
    void itsPrintedFormIsTheGoldenOne() throws IOException {
        try (var golden = getClass().getResourceAsStream("score-topology.txt");
                TestStream stream = open(8)) {
            assertThat(
                            ScoreTopology.of(
                                            stream.connection,
                                            stream.codecs,
                                            scorer,
                                            ScoringSettings.DEFAULT)
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
    void aScoredRolloutIsTheRolloutWithItsScores() throws Exception {
        try (TestStream stream = open(8)) {
            List<Rollout> group = TestRollouts.group(1, "seven11", "abc");
            pipe(stream, group);
            List<ScoredRollout> scored = stream.await(Topic.SCORED_ROLLOUTS, 2);
            ScoredRollout first = scored.getFirst();
            Rollout rollout = group.getFirst();
            assertThat(first.getRawScore()).isEqualTo(7);
            assertThat(first.getScore()).isEqualTo(1);
            assertThat(scored.get(1).getScore()).isEqualTo(-1);
            assertThat(first.getScorer()).isEqualTo("reward-model");
            assertThat(first.getRolloutId()).isEqualTo(rollout.getId());
            for (var field : rollout.getSchema().getFields()) {
                if (!field.name().equals("id")) {
                    assertThat(first.get(field.name()))
                            .as(field.name())
                            .isEqualTo(rollout.get(field.name()));
                }
            }
            assertThat(stream.stored(ScoringProcessor.STORE)).isZero();
        }
    }

    @Test
    void aGroupIsScoredByOneVersion() throws Exception {
        try (TestStream stream = open(3)) {
            for (int prompt = 0; prompt < 10; prompt++) {
                pipe(stream, TestRollouts.group(prompt, "a", "bb"));
            }
            List<ScoredRollout> scored = stream.await(Topic.SCORED_ROLLOUTS, 20);
            scored.stream()
                    .collect(java.util.stream.Collectors.groupingBy(ScoredRollout::getGroupId))
                    .values()
                    .forEach(group ->
                            assertThat(group)
                                    .hasSize(2)
                                    .extracting(ScoredRollout::getScorerVersion)
                                    .containsOnly(group.getFirst().getScorerVersion()));
            assertThat(scorer.batches).containsExactly(4, 4, 4, 4, 4);
        }
    }

    @Test
    void anIncompleteGroupWaitsAndIsThenDeadLettered() throws Exception {
        try (TestStream stream = open(1)) {
            pipe(stream, TestRollouts.group(1, "a", "bb").subList(0, 1));
            stream.advance(Duration.ofMinutes(9));
            assertThat(stream.stored(ScoringProcessor.STORE)).isEqualTo(1);
            stream.advance(Duration.ofMinutes(2));
            assertThat(refusals(stream, 1)).containsExactly("GROUP_INCOMPLETE");
            assertThat(scorer.batches).isEmpty();
        }
    }

    @Test
    void whatTheScorerCannotTakeIsDeadLetteredWithItsGroupAlone() throws Exception {
        try (TestStream stream = open(100)) {
            List<Rollout> otherTokenizer = TestRollouts.group(1, "a", "bb");
            otherTokenizer.forEach(r -> r.setTokenizerDigest("cd".repeat(32)));
            pipe(stream, otherTokenizer);
            List<Rollout> empty = TestRollouts.group(2, "a", "bb");
            empty.get(1).setCompletionTokens(List.of());
            pipe(stream, empty);
            pipe(stream, TestRollouts.group(3, "nan", "bb"));
            pipe(stream, TestRollouts.group(4, "a", "bb"));
            stream.pipeBytes(Topic.ROLLOUTS, "k", new byte[] {9, 9});
            assertThat(stream.<ScoredRollout>await(Topic.SCORED_ROLLOUTS, 2))
                    .allSatisfy(s -> assertThat(s.getPrompt()).contains("prompt 4 "));
            assertThat(refusals(stream, 7))
                    .containsExactlyInAnyOrder(
                            "TOKENIZER_MISMATCH",
                            "TOKENIZER_MISMATCH",
                            "NOT_SCORABLE",
                            "NOT_SCORABLE",
                            "NOT_SCORABLE",
                            "NOT_SCORABLE",
                            "UNREADABLE");
            assertThat(stream.stored(ScoringProcessor.STORE)).isZero();
        }
    }
}
