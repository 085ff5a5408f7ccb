package rlaif.monitor.tensorboard;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.events.Checkpoint;
import rlaif.events.TrainingStep;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// The worker that writes what every trainer has announced as TensorBoard's event files.
///
/// It reads committed steps alone, from the first one on, and passes over those that are in the
/// files: a step that a kill made void never shows, and none shows twice, whoever is killed. It
/// belongs to no group and commits nothing.
public final class TensorBoardWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TensorBoardWriter.class);
    private static final Duration POLL = Duration.ofMillis(500);

    /// Longest reading of what is left at the end; the next start writes the rest.
    private static final Duration LONGEST_REST = Duration.ofSeconds(10);

    private final Connection connection;
    private final Path folder;
    private final Codec<TrainingStep> steps;
    private final Codec<Checkpoint> checkpoints;
    private final TopicPartition stepsPartition;
    private final TopicPartition checkpointsPartition;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean begun;
    private volatile boolean closing;

    /// @param folder that TensorBoard is pointed at; made where it is missing
    public TensorBoardWriter(Connection connection, Codecs codecs, Path folder) {
        this.connection = connection;
        this.folder = folder;
        this.steps = codecs.codec(Topic.TRAINING_STEPS);
        this.checkpoints = codecs.codec(Topic.CHECKPOINTS);
        this.stepsPartition = new TopicPartition(connection.name(Topic.TRAINING_STEPS), 0);
        this.checkpointsPartition = new TopicPartition(connection.name(Topic.CHECKPOINTS), 0);
    }

    /// Writes until {@link #close()} is called, then what is announced by then.
    public void run() {
        begun = true;
        List<TopicPartition> both = List.of(stepsPartition, checkpointsPartition);
        try (Consumer<byte[], byte[]> consumer = connection.openConsumer(Map.of());
                EventFolder events = new EventFolder(folder)) {
            consumer.assign(both);
            consumer.seekToBeginning(both);
            while (!closing) {
                consumer.poll(POLL).forEach(record -> write(record, events));
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(both);
            Instant deadline = Instant.now().plus(LONGEST_REST);
            while (Instant.now().isBefore(deadline)
                    && both.stream()
                            .anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(POLL).forEach(record -> write(record, events));
            }
        } finally {
            ended.countDown();
        }
    }

    private void write(ConsumerRecord<byte[], byte[]> record, EventFolder events) {
        try {
            if (record.topic().equals(stepsPartition.topic())) {
                events.step(steps.decode(record.value()), record.timestamp());
            } else {
                events.version(checkpoints.decode(record.value()), record.timestamp());
            }
        } catch (UnreadableRecordException e) {
            LOG.warn(
                    "{} offset {} is passed over: {}",
                    record.topic(),
                    record.offset(),
                    e.getMessage());
        }
    }

    /// Ends a running writer and waits until it has.
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
