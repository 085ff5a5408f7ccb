package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static rlaif.processors.TestJudging.TIMEOUT;
import static rlaif.processors.TestJudging.pipe;
import static rlaif.processors.TestJudging.refusedTopic;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Pair;
import rlaif.events.Preference;
import rlaif.events.Rollout;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;

@SuppressWarnings("NullAway.Init") // set before each test
class PairingTopologyTest {
    @TempDir private Path folder;
    private TestJudging stage;

    @BeforeEach
    void freshStage() {
        stage = new TestJudging(folder);
    }

    @Test
    void aLargerGroupGivesAsManyPairsAsAreDrawn() throws Exception {
        try (TestStream stream = stage.open(stage.settings(2, 8))) {
            pipe(stream, TestRollouts.group(1, "good", "bad", "good good", "dull"));
            List<Pair> pairs = stream.await(Topic.PAIRS, 2);
            assertThat(
                            pairs.stream()
                                    .flatMap(p ->
                                            List.of(
                                                    p.getFirst().getRolloutId(),
                                                    p.getSecond().getRolloutId())
                                                    .stream()))
                    .doesNotHaveDuplicates()
                    .hasSize(4);
            assertThat(stream.<Preference>await(Topic.PREFERENCES, 2)).hasSize(2);
        }
    }

    @Test
    void aRolloutThatComesTwiceCountsOnce() throws Exception {
        try (TestStream stream = stage.open()) {
            List<Rollout> group = TestRollouts.group(1, "good", "bad");
            stream.pipe(Topic.ROLLOUTS, "k", group.get(0));
            stream.pipe(Topic.ROLLOUTS, "k", group.get(0));
            assertThat(stream.stored(PairingProcessor.STORE)).isEqualTo(1);
            stream.pipe(Topic.ROLLOUTS, "k", group.get(1));
            stream.await(Topic.JUDGMENTS, 1);
            assertThat(stream.count(Topic.PAIRS)).isEqualTo(1);
        }
    }

    @Test
    void anIncompleteGroupIsDeadLetteredAfterItsTimeout() throws Exception {
        try (TestStream stream = stage.open()) {
            List<Rollout> group = TestRollouts.group(1, "good", "bad", "dull");
            pipe(stream, group.subList(0, 2));
            stream.advance(TIMEOUT.minusMinutes(1));
            assertThat(stream.stored(PairingProcessor.STORE)).isEqualTo(2);
            stream.advance(Duration.ofMinutes(2));
            List<TestRecord<byte[], byte[]>> letters =
                    stream.await(refusedTopic(stream, Topic.ROLLOUTS), 2);
            assertThat(letters)
                    .allSatisfy(letter -> {
                        assertThat(TestStream.header(letter, DeadLetters.CODE_HEADER))
                                .isEqualTo("GROUP_INCOMPLETE");
                        assertThat(TestStream.header(letter, DeadLetters.STAGE_HEADER))
                                .isEqualTo("pairing");
                    });
            assertThat(letters.get(1).value())
                    .isEqualTo(stream.codecs.<Rollout>codec(Topic.ROLLOUTS).encode(group.get(1)));
            assertThat(TestStream.header(letters.get(1), DeadLetters.OFFSET_HEADER)).isEqualTo("1");
            assertThat(stream.stored(PairingProcessor.STORE)).isZero();
            assertThat(stream.count(Topic.PAIRS)).isZero();
        }
    }

    @Test
    void aGroupThatContradictsItselfIsDeadLettered() throws Exception {
        try (TestStream stream = stage.open()) {
            List<Rollout> group = TestRollouts.group(1, "good", "bad");
            group.get(1).setPrompt("another prompt");
            pipe(stream, group);
            assertThat(stream.await(refusedTopic(stream, Topic.ROLLOUTS), 2))
                    .extracting(letter -> TestStream.header(letter, DeadLetters.CODE_HEADER))
                    .containsOnly("GROUP_INCONSISTENT");
        }
    }
}
