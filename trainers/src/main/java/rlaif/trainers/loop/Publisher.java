package rlaif.trainers.loop;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import rlaif.events.Checkpoint;
import rlaif.events.TrainingStep;
import rlaif.topics.ClusterUnreachableException;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;
import rlaif.topics.TransactionalIdWatch;

/// The one writer of what a policy and role announce: a version, its steps, the offsets they
/// consumed and the records they refused become visible together or not at all.
///
/// A newer publisher of the same policy and role fences the older.
public final class Publisher implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(5);

    /// In place of a version: none is announced.
    private static final long NONE = -1;

    private final Connection connection;
    private final TrainerIdentity identity;
    private final Lineage lineage;
    private final Codec<Checkpoint> checkpoints;
    private final Codec<TrainingStep> trainingSteps;
    private final String transactionalId;
    private final Producer<byte[], byte[]> producer;

    /// Fences every older publisher; what one of them had begun is aborted when this returns.
    public Publisher(
            Connection connection, Codecs codecs, TrainerIdentity identity, Lineage lineage) {
        this(connection, codecs, identity, lineage, producers(connection));
    }

    /// Opens producers under a transactional id.
    public static Function<String, Producer<byte[], byte[]>> producers(Connection connection) {
        return id -> connection.openProducer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id));
    }

    /// @param producers opens one under a transactional id
    public Publisher(
            Connection connection,
            Codecs codecs,
            TrainerIdentity identity,
            Lineage lineage,
            Function<String, Producer<byte[], byte[]>> producers) {
        this.connection = connection;
        this.identity = identity;
        this.lineage = lineage;
        this.checkpoints = codecs.codec(Topic.CHECKPOINTS);
        this.trainingSteps = codecs.codec(Topic.TRAINING_STEPS);
        this.transactionalId = identity.transactionalId(connection);
        this.producer = producers.apply(transactionalId);
        try {
            producer.initTransactions();
        } catch (TimeoutException e) {
            producer.close(Duration.ZERO);
            throw new ClusterUnreachableException(
                    "the right to publish as %s was asked for: %s"
                            .formatted(transactionalId, e.getMessage()),
                    e);
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /// Announces `checkpoint`, whose folder is already written, and the steps that made it.
    public void publish(Checkpoint checkpoint, List<TrainingStep> steps) {
        commit(
                before(checkpoint),
                announcing(checkpoint),
                () -> {
                    send(checkpoint);
                    send(steps, List.of());
                });
    }

    /// Announces `checkpoint`, whose folder is already written, together with everything that was
    /// consumed for it.
    ///
    /// @param group whose position in the source moves to `positions`, by partition
    public void publish(
            Checkpoint checkpoint,
            List<TrainingStep> steps,
            List<Batch.RefusedRecord> refused,
            ConsumerGroupMetadata group,
            Map<Integer, Long> positions) {
        commit(
                before(checkpoint),
                announcing(checkpoint),
                () -> {
                    send(checkpoint);
                    send(steps, refused);
                    producer.sendOffsetsToTransaction(
                            offsets(positions, checkpoint.getVersion()), group);
                });
    }

    /// Commits what was passed over and learned from by no version.
    ///
    /// @param head newest version, which stays so; empty: none is announced
    /// @param passedOver with what was dropped, by reason
    /// @param group whose position in the source moves to `positions`, by partition
    void passOver(
            OptionalLong head,
            List<TrainingStep> passedOver,
            List<Batch.RefusedRecord> refused,
            ConsumerGroupMetadata group,
            Map<Integer, Long> positions) {
        commit(
                head,
                "records that %s of policy %s cannot learn from were to be passed over"
                        .formatted(identity.trainer(), identity.policy()),
                () -> {
                    send(passedOver, refused);
                    producer.sendOffsetsToTransaction(offsets(positions, head.orElse(NONE)), group);
                });
    }

    private static OptionalLong before(Checkpoint checkpoint) {
        long version = checkpoint.getVersion();
        return version == 0 ? OptionalLong.empty() : OptionalLong.of(version - 1);
    }

    private static String announcing(Checkpoint checkpoint) {
        return "%s version %d of policy %s was to be announced"
                .formatted(
                        TrainerIdentity.written(checkpoint.getRole()),
                        checkpoint.getVersion(),
                        checkpoint.getPolicy());
    }

    /// @param head of the lineage before it; empty: none
    /// @param what was to be done, in words
    private void commit(OptionalLong head, String what, Runnable sends) {
        lineage.requireHead(head);
        try {
            producer.beginTransaction();
            sends.run();
            producer.commitTransaction();
        } catch (KafkaException e) {
            throw explained(head, what, e);
        }
    }

    /// Fails where another has announced a version since.
    ///
    /// @param head newest version that this trainer knows; empty: none
    /// @throws FencedTrainerException naming it
    void requireNewest(OptionalLong head) {
        lineage.requireHead(head);
    }

    private boolean newerHasStarted() {
        try (Admin admin = connection.openAdmin()) {
            return new TransactionalIdWatch(admin, transactionalId).newerHasStarted();
        }
    }

    private RuntimeException explained(OptionalLong head, String what, KafkaException failure) {
        return switch (TransactionFailure.of(failure)) {
            case FENCED -> fenced(head, failure);
            case UNDECIDED -> newerHasStarted() ? fenced(head, failure) : unknown(what, failure);
            case UNANSWERED -> unknown(what, failure);
            case NAMED -> failure;
        };
    }

    private FencedTrainerException fenced(OptionalLong head, KafkaException failure) {
        return lineage.fenced(transactionalId, identity.run(), head.orElse(NONE), failure);
    }

    private static ClusterUnreachableException unknown(String what, KafkaException failure) {
        return new ClusterUnreachableException(
                "%s, and whether it was is not known: %s. Start this trainer again: it goes on from the newest version that is announced"
                        .formatted(what, failure.getMessage()),
                failure);
    }

    private void send(Checkpoint checkpoint) {
        String key =
                "%s/%d"
                        .formatted(
                                TrainerIdentity.written(checkpoint.getRole()),
                                checkpoint.getVersion());
        send(Topic.CHECKPOINTS, key, checkpoints.encode(checkpoint));
    }

    private void send(List<TrainingStep> steps, List<Batch.RefusedRecord> refused) {
        for (TrainingStep step : steps) {
            send(Topic.TRAINING_STEPS, step.getRun(), trainingSteps.encode(step));
        }
        for (Batch.RefusedRecord record : refused) {
            send(
                    DeadLetters.of(
                            connection,
                            identity.source(),
                            record.source(),
                            identity.trainer(),
                            record.refusal().code(),
                            1,
                            new IllegalArgumentException(record.refusal().cause())));
        }
    }

    private void send(Topic topic, String key, byte[] value) {
        send(
                new ProducerRecord<>(
                        connection.name(topic), key.getBytes(StandardCharsets.UTF_8), value));
    }

    /// What goes wrong with it is thrown when the transaction is committed.
    private void send(ProducerRecord<byte[], byte[]> record) {
        Future<RecordMetadata> _ = producer.send(record);
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(
            Map<Integer, Long> positions, long version) {
        String note = new PositionNote(identity.policy(), version).metadata();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        positions.forEach((partition, position) ->
                offsets.put(
                        new TopicPartition(connection.name(identity.source()), partition),
                        new OffsetAndMetadata(position, note)));
        return offsets;
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
