package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static rlaif.processors.TestLabels.judgment;
import static rlaif.processors.TestLabels.label;
import static rlaif.processors.TestLabels.made;
import static rlaif.processors.TestLabels.people;
import static rlaif.processors.TestLabels.pipe;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.HumanChoice;
import rlaif.events.HumanLabel;
import rlaif.events.Judgment;
import rlaif.events.Preference;
import rlaif.events.PreferenceSource;
import rlaif.events.PreferenceWriter;
import rlaif.processors.PreferenceSettings.Merge;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;

/// Preferences made once more, from the judgments and people's labels of another prefix, in the
/// order in which Kafka Streams takes records up where both topics have some.
@SuppressWarnings("NullAway.Init") // set as a derivation is opened
class DerivedPreferencesTest {
    private static final List<PreferenceSettings> MERGES =
            List.of(
                    PreferenceSettings.DEFAULT.withMerge(Merge.SUPERSEDE, 3),
                    PreferenceSettings.DEFAULT.withMerge(Merge.WEIGH, 3));

    /// How long what is piped waits for something on the other topic.
    private static final Duration IDLE = Duration.ofMinutes(1);

    private static final long JUDGED_MILLIS = 1_790_000_000_000L;
    private static final long LABELLED_MILLIS = JUDGED_MILLIS + 3_600_000;

    @TempDir private Path folder;
    private Connection live;
    private Codecs read;

    private TestStream derivation(PreferenceSettings settings) throws IOException {
        return new TestStream(
                folder,
                Map.of("max.task.idle.ms", IDLE.toMillis()),
                (connection, codecs) -> {
                    live = TestStream.under("live", connection);
                    read = new Codecs(live);
                    return TestLabels.topology(
                            connection, codecs, new JudgmentSource(live, read), settings, folder);
                });
    }

    @AfterEach
    void closeCodecs() {
        read.close();
    }

    private <T extends SpecificRecord> void wrote(
            TestStream stream, Topic topic, T record, long millis) {
        Codec<T> codec = read.codec(topic);
        stream.pipeBytes(live.name(topic), "prompt", codec.encode(record), millis);
    }

    private void judged(TestStream stream, Judgment judgment) {
        judgment.setPreferenceWriter(PreferenceWriter.JUDGING); // by the live stage
        wrote(stream, Topic.JUDGMENTS, judgment, JUDGED_MILLIS);
    }

    private void said(TestStream stream, HumanLabel label) {
        wrote(stream, Topic.HUMAN_LABELS, label, LABELLED_MILLIS);
    }

    private static void goOn(TestStream stream) {
        stream.advance(IDLE.plusSeconds(1));
        stream.advance(IDLE.plusSeconds(1));
    }

    /// What stands in the end where it came live: judgments first, then labels.
    private Preference winner(
            PreferenceSettings settings, Judgment judgment, List<HumanLabel> labels)
            throws Exception {
        try (TestStream stream = TestLabels.open(folder, settings)) {
            pipe(stream, judgment);
            labels.forEach(label -> pipe(stream, label));
            return made(stream).getLast();
        }
    }

    private static void assertSameLabel(Preference derived, Preference live) {
        assertThat(derived.getFirstProbability()).isEqualTo(live.getFirstProbability());
        assertThat(derived.getSource()).isEqualTo(live.getSource());
        assertThat(derived.getHumanProbability()).isEqualTo(live.getHumanProbability());
        assertThat(derived.getHumanLabels()).isEqualTo(live.getHumanLabels());
        assertThat(derived.getAiProbability()).isEqualTo(live.getAiProbability());
    }

    @Test
    void whatPeopleHadSaidIsInTheOnlyPreferenceAndItIsTheOneThatWonLive() throws Exception {
        List<HumanLabel> labels =
                List.of(
                        label(1, "ann", HumanChoice.FIRST),
                        label(1, "ann", HumanChoice.SECOND), // changed her mind
                        label(1, "bob", HumanChoice.SECOND),
                        label(1, "cas", HumanChoice.UNSURE));
        for (PreferenceSettings settings : MERGES) {
            Preference won = winner(settings, judgment(1, 0.9, 0.7), labels);
            assertThat(won.getFirstProbability()).as("against the judge").isLessThan(0.5);
            try (TestStream stream = derivation(settings)) {
                judged(stream, judgment(1, 0.9, 0.7));
                labels.forEach(label -> said(stream, label));
                goOn(stream);

                List<Preference> derived = made(stream);
                assertThat(derived).hasSize(1);
                assertSameLabel(derived.getFirst(), won);
                assertThat(derived.getFirst().getSupersedes()).isNull();
            }
        }
    }

    @Test
    void aLabelThatComesAfterItsPairWasDerivedSupersedesAsItDidLive() throws Exception {
        HumanLabel label = label(1, "ann", HumanChoice.SECOND);
        for (PreferenceSettings settings : MERGES) {
            Preference won = winner(settings, judgment(1, 0.9, 0.7), List.of(label));
            try (TestStream stream = derivation(settings)) {
                judged(stream, judgment(1, 0.9, 0.7));
                goOn(stream);
                Preference judges = made(stream).getFirst();
                assertThat(judges.getSource()).isEqualTo(PreferenceSource.AI);

                said(stream, label);
                goOn(stream);
                List<TestRecord<byte[], byte[]>> late =
                        stream.await(stream.connection.name(Topic.PREFERENCES), 1);
                Preference derived =
                        stream.codecs
                                .<Preference>codec(Topic.PREFERENCES)
                                .decode(late.getFirst().value());
                assertSameLabel(derived, won);
                assertThat(derived.getSupersedes()).isEqualTo(judges.getId());
                assertThat(late.getFirst().timestamp()).isEqualTo(LABELLED_MILLIS);
            }
        }
    }

    @Test
    void pairsThatWereLeftToPeopleGetTheirLabelAndUnmergedOnesTheJudges() throws Exception {
        try (TestStream stream = derivation(PreferenceSettings.DEFAULT)) {
            judged(stream, people(1).build());
            judged(stream, judgment(2, 0.9, 0.7));
            said(stream, label(1, "ann", HumanChoice.SECOND));
            said(stream, label(2, "ann", HumanChoice.SECOND));
            goOn(stream);
            assertThat(made(stream))
                    .extracting(Preference::getFirstProbability)
                    .containsExactly(0.0, 0.8);
        }
    }

    @Test
    void aLabelThatIsNoneIsDeadLetteredWithItsOwnTime() throws Exception {
        try (TestStream stream = derivation(PreferenceSettings.DEFAULT)) {
            stream.pipeBytes(
                    live.name(Topic.HUMAN_LABELS), "prompt", new byte[] {1}, LABELLED_MILLIS);
            goOn(stream);
            TestRecord<byte[], byte[]> letter =
                    stream.await(stream.connection.deadLetters(Topic.HUMAN_LABELS), 1).getFirst();
            assertThat(TestStream.header(letter, DeadLetters.CODE_HEADER))
                    .isEqualTo(DeadLetters.UNREADABLE);
            assertThat(letter.timestamp()).isEqualTo(LABELLED_MILLIS);
        }
    }
}
