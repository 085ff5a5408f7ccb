package rlaif.trainers.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Batches, polled as they are asked for.
@Timeout(30)
class FeedTest {
    private static final String TOPIC = "words";
    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
    private static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final List<String> notices = new ArrayList<>();
    private long nowNanos;
    private final ShareWait wait =
            new ShareWait(
                    "train-words",
                    TOPIC,
                    () -> nowNanos += Duration.ofSeconds(1).toNanos(),
                    notices::add);

    @AfterEach
    void close() {
        consumer.close();
    }

    private Feed<String, String> feed(int units, Pace pace) {
        Feed<String, String> feed =
                new Feed<>(
                        consumer,
                        TOPIC,
                        new TreeMap<>(Map.of(0, 0L, 1, 0L)),
                        new Words(),
                        units,
                        pace,
                        wait);
        consumer.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L));
        return feed;
    }

    @Test
    void readingGoesOnWhereThePositionsSay() {
        Feed<String, String> feed =
                new Feed<>(
                        consumer,
                        TOPIC,
                        new TreeMap<>(Map.of(0, 1L, 1, 2L)),
                        new Words(),
                        2,
                        Pace.live(),
                        wait);
        consumer.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L));
        arrive(0, 0, "a", "b", "c");
        arrive(1, 0, "x", "y", "z");
        assertThat(feed.next(() -> false).orElseThrow().examples()).containsExactly("b", "z");
    }

    @Test
    void aLiveTrainerFillsUpFromTheOthersOnceItsPatienceIsOver() {
        Feed<String, String> feed = feed(4, new Pace.Live(Duration.ofMillis(50)));
        arrive(0, 0, "a", "b", "c", "d");
        assertThat(feed.next(() -> false).orElseThrow().examples())
                .containsExactly("a", "b", "c", "d");
    }

    @Test
    void aDeterministicTrainerFillsUpOnlyFromPartitionsThatHaveEnded() {
        Feed<String, String> feed = feed(4, new Pace.Recorded(new TreeMap<>(Map.of(0, 6L, 1, 1L))));
        arrive(0, 0, "a", "b", "c", "d", "e", "f");
        arrive(1, 0, "x", "beyond the recording");
        assertThat(feed.next(() -> false).orElseThrow().examples())
                .containsExactly("a", "b", "c", "x");
        assertThat(feed.next(() -> false)).as("three are no batch").isEmpty();
    }

    @Test
    void aStoppedTrainerWaitsNoLonger() {
        assertThat(feed(4, Pace.deterministic()).next(() -> true)).isEmpty();
    }

    @Test
    void aDeterministicTrainerThatWaitsForOnePartitionSaysSo() {
        Feed<String, String> feed = feed(4, Pace.deterministic());
        arrive(0, 0, "a", "b", "c", "d");
        assertThat(feed.next(() -> !notices.isEmpty())).isEmpty();
        assertThat(notices)
                .singleElement()
                .asString()
                .startsWith("train-words waits for records of partition 1 of words:");
    }

    @Test
    void partitionsWithEnoughAreNotPolled() {
        Feed<String, String> feed = feed(2, Pace.deterministic());
        for (int offset = 0; offset < 40; offset++) {
            arrive(0, offset, "a" + offset);
        }
        assertThat(feed.next(() -> consumer.paused().contains(FIRST))).isEmpty();
        assertThat(consumer.paused()).containsExactly(FIRST);
    }

    @Test
    void whatFillsABatchAndCannotBeTrainedOnIsPassedOverWithoutABatch() {
        Feed<String, String> feed = feed(2, Pace.live());
        arrive(0, 0, "stale", "stale", "a");
        arrive(1, 0, "stale");
        Batch<String> passedOver = feed.next(() -> false).orElseThrow();
        assertThat(passedOver.examples()).isEmpty();
        assertThat(passedOver.dropped()).containsOnly(Map.entry("STALE", 3L));
        assertThat(passedOver.consumed())
                .containsExactly(
                        Map.entry(0, new Batch.Offsets(0, 2)),
                        Map.entry(1, new Batch.Offsets(0, 1)));
    }

    @Test
    void aTopicThatGivesNothingToTrainOnIsPassedOverHoweverLongItIs() {
        Feed<String, String> feed = feed(2, Pace.live());
        for (int offset = 0; offset < 6_000; offset++) {
            arrive(0, offset, "stale");
            arrive(1, offset, "stale");
        }
        long passedOver = 0;
        while (passedOver < 12_000) {
            passedOver += feed.next(() -> false).orElseThrow().dropped().getOrDefault("STALE", 0L);
        }
        assertThat(passedOver).isEqualTo(12_000);
    }

    @Test
    void aTopicWithTooLittleToTrainOnEndsInWords() {
        Feed<String, String> feed = feed(4, Pace.live());
        arrive(0, 0, "a");
        arrive(1, 0, "x");
        for (int offset = 1; offset < 5_000; offset++) {
            arrive(0, offset, "stale");
            arrive(1, offset, "stale");
        }
        assertThatThrownBy(() -> feed.next(() -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("5000 records a partition give no batch of 4");
    }

    private void arrive(int partition, long offset, String... values) {
        long next = offset;
        for (String value : values) {
            consumer.addRecord(
                    new ConsumerRecord<>(
                            TOPIC,
                            partition,
                            next++,
                            new byte[0],
                            value.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /// Words that stand alone; `stale` is dropped.
    private static final class Words implements Intake<String, String> {
        @Override
        public String read(byte[] value) {
            return new String(value, StandardCharsets.UTF_8);
        }

        @Override
        public Optional<Group> group(String event) {
            return Optional.empty();
        }

        @Override
        public Admission<String> admit(String event) {
            return event.equals("stale")
                    ? new Admission.Dropped<>("STALE")
                    : new Admission.Accepted<>(event);
        }
    }
}
