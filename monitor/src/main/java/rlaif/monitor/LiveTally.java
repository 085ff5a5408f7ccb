package rlaif.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import rlaif.events.Checkpoint;
import rlaif.events.Judgment;
import rlaif.events.TrainingStep;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// The worker that reads every topic from its start and keeps count, for whoever wants to see the
/// stream live.
///
/// It belongs to no group and commits nothing. Counts are of committed records only.
public final class LiveTally implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Connection connection;
    private final Codecs codecs;
    private final Tally tally;
    private final WaitingLetters letters;
    private final Map<String, Topic> flow = new HashMap<>();
    private final Map<String, Topic> deadLetters = new HashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean begun;
    private volatile boolean closing;

    /// @param policy name of the policy whose versions and steps are shown
    public LiveTally(Connection connection, Codecs codecs, String policy) {
        this.connection = connection;
        this.codecs = codecs;
        this.tally = new Tally(policy);
        this.letters = new WaitingLetters(tally);
        for (Topic topic : Topic.values()) {
            flow.put(connection.name(topic), topic);
            deadLetters.put(connection.deadLetters(topic), topic);
        }
    }

    /// What has been read so far; for any thread, at any time.
    public TallySnapshot snapshot() {
        return tally.snapshot(System.nanoTime());
    }

    /// Reads until {@link #close()} is called.
    public void run() {
        begun = true;
        try (TopicReading topics = new TopicReading(connection)) {
            Consumer<byte[], byte[]> consumer = topics.consumer();
            List<TopicPartition> partitions =
                    topics.partitions(
                            Arrays.stream(Topic.values())
                                    .flatMap(topic ->
                                            List.of(
                                                    connection.name(topic),
                                                    connection.deadLetters(topic))
                                                    .stream())
                                    .toList());
            Map<TopicPartition, Long> before = topics.ends(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closing) {
                consumer.poll(POLL)
                        .forEach(record -> {
                            rate(record, before);
                            count(record);
                        });
            }
        } finally {
            ended.countDown();
        }
    }

    private void count(ConsumerRecord<byte[], byte[]> record) {
        Topic refusing = deadLetters.get(record.topic());
        if (refusing != null) {
            letters.take(refusing, record);
            return;
        }
        Topic topic = flow.get(record.topic());
        if (topic == null) {
            return;
        }
        tally.record(topic, Instant.ofEpochMilli(record.timestamp()), Instant.now());
        look(topic, record.value());
    }

    /// @param before where partitions ended when counting began: what was made earlier says nothing
    ///   about how fast labels come
    private void rate(ConsumerRecord<byte[], byte[]> record, Map<TopicPartition, Long> before) {
        var partition = new TopicPartition(record.topic(), record.partition());
        if (flow.get(record.topic()) == Topic.PREFERENCES
                && record.offset() >= before.getOrDefault(partition, 0L)) {
            tally.labelled(System.nanoTime());
        }
    }

    /// Opens the records that are more than a count.
    private void look(Topic topic, byte[] value) {
        switch (topic) {
            case JUDGMENTS, CHECKPOINTS, TRAINING_STEPS -> {
                try {
                    Codec<SpecificRecord> codec = codecs.codec(topic);
                    look(codec.decode(value));
                } catch (UnreadableRecordException e) {
                    tally.deadLetter(topic, DeadLetters.UNREADABLE);
                }
            }
            case PROMPTS,
                    ROLLOUTS,
                    REVISIONS,
                    PAIRS,
                    HUMAN_LABELS,
                    PREFERENCES,
                    LABEL_STATS,
                    SCORED_ROLLOUTS,
                    CONSTITUTIONS,
                    ROLE_STARTS -> {}
        }
    }

    private void look(SpecificRecord record) {
        if (record instanceof Judgment judgment) {
            tally.judgment(judgment);
        } else if (record instanceof Checkpoint checkpoint) {
            tally.checkpoint(checkpoint);
        } else if (record instanceof TrainingStep step) {
            tally.step(step);
        }
    }

    /// Ends a running tally and waits until it has.
    @Override
    public void close() {
        closing = true;
        if (begun) {
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
