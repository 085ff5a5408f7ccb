package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static rlaif.processors.TestJudging.pipe;
import static rlaif.processors.TestJudging.refusedTopic;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.AbstainReason;
import rlaif.events.Judgment;
import rlaif.events.Pair;
import rlaif.events.PreferenceWriter;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;

@SuppressWarnings("NullAway.Init") // set before each test
class PairsForPeopleTest {
    @TempDir private Path folder;
    private TestJudging stage;

    @BeforeEach
    void freshStage() {
        stage = new TestJudging(folder);
    }

    private JudgeStage.Settings allForPeople() {
        JudgeStage.Settings usual = stage.settings(0, 8);
        return new JudgeStage.Settings(
                usual.stages(),
                usual.pairing(),
                usual.judging().withLabels(HumanShare.ALL, PreferenceWriter.PREFERENCES),
                usual.streams());
    }

    @Test
    void wherePeopleLabelEveryPairNoJudgeIsAskedAndNoConstitutionIsNeeded() throws Exception {
        JudgeStage.Settings settings = allForPeople();
        try (TestStream stream =
                new TestStream(
                        folder,
                        (connection, codecs) ->
                                JudgeTopology.of(
                                        connection,
                                        codecs,
                                        new JudgmentSource(connection, codecs),
                                        new NoJudge(),
                                        settings.judging()
                                                .watched(
                                                        stage.judge,
                                                        stage.attacks,
                                                        stage.notices::add),
                                        new NoConstitutions(),
                                        stage.intake,
                                        settings))) {
            pipe(stream, TestRollouts.group(1, "good", "bad"));
            pipe(stream, TestRollouts.group(2, "same", "same"));

            assertThat(stream.<Judgment>await(Topic.JUDGMENTS, 2))
                    .extracting(Judgment::getAbstainReason)
                    .containsExactly(AbstainReason.FOR_PEOPLE, AbstainReason.IDENTICAL);
            assertThat(stage.judge.asked.get()).isZero();
            assertThat(stream.count(Topic.PREFERENCES)).isZero();
            assertThat(stream.stored(JudgingProcessor.STORE)).isZero();
        }
    }

    @Test
    void aPairWhoseJudgmentWouldBeTooLargeIsDeadLetteredThoughNoJudgeIsAsked() throws Exception {
        try (TestStream stream = stage.open(allForPeople())) {
            stream.pipe(Topic.PAIRS, "k", largest(stream));

            assertThat(stream.await(refusedTopic(stream, Topic.PAIRS), 1))
                    .extracting(letter -> TestStream.header(letter, DeadLetters.CODE_HEADER))
                    .containsExactly("TOO_LARGE");
            assertThat(stream.count(Topic.JUDGMENTS)).isZero();
        }
    }

    /// The largest pair that its topic takes, to a few bytes.
    private static Pair largest(TestStream stream) {
        Pair pair = Pair.newBuilder().setId("pair").setPromptId("prompt").build();
        int fields = stream.codecs.<Pair>codec(Topic.PAIRS).encode(pair).length;
        pair.setPrompt("a".repeat(Topic.MAX_RECORD_BYTES - fields - 8));
        return pair;
    }

    @Test
    void onlyAStageThatLeavesEveryPairToPeopleDoesWithoutAJudge() {
        assertThat(allForPeople().asksJudge()).isFalse();
        assertThat(stage.settings(0, 8).asksJudge()).isTrue();
        assertThat(new HumanShare(1, Map.of("benign", 0.5)).takesAll()).isFalse();
    }
}
