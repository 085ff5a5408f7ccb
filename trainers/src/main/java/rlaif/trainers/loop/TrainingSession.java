package rlaif.trainers.loop;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import rlaif.events.Checkpoint;
import rlaif.models.CheckpointStore;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.ClusterUnreachableException;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.StartPositions;

/// One start of a stream trainer: takes over from its predecessor, finds where the run stands, and
/// trains on from there.
///
/// @param unitsPerBatch records or whole groups with something to train on
public record TrainingSession(
        Connection connection,
        Codecs codecs,
        CheckpointFollower follower,
        CheckpointStore store,
        TrainerIdentity identity,
        int unitsPerBatch,
        Pace pace) {

    /// Where a start begins.
    ///
    /// @param head newest announced version; empty: none
    /// @param resumed whether `head` ends steps of this trainer, so that everything is restored
    ///   from it
    public record Start(Optional<Checkpoint> head, boolean resumed, Standing standing) {}

    /// What is trained, and what it takes from the stream.
    public record Trainee<E, X>(Intake<E, X> intake, Learner<X> learner) {}

    /// Trains what `trainee` makes of the start, until it has finished or `stopped`; closes its
    /// learner.
    public <E, X> void run(Function<Start, Trainee<E, X>> trainee, BooleanSupplier stopped) {
        Lineage lineage = new Lineage(follower, identity.policy(), identity.role());
        String topic = connection.name(identity.source());
        try (Publisher publisher = new Publisher(connection, codecs, identity, lineage);
                Consumer<byte[], byte[]> consumer =
                        connection.openConsumer(
                                Map.of(
                                        ConsumerConfig.GROUP_ID_CONFIG,
                                        connection.group(identity.trainer())))) {
            Start start = start(lineage.head(), topic, positions(consumer, topic));
            Trainee<E, X> made = trainee.apply(start);
            try (Learner<X> learner = made.learner()) {
                Feed<E, X> feed =
                        new Feed<>(
                                consumer,
                                topic,
                                start.standing().positions(),
                                made.intake(),
                                unitsPerBatch,
                                pace);
                new TrainingLoop<>(
                                identity,
                                topic,
                                feed,
                                learner,
                                publisher,
                                new TrainerFiles(store, lineage),
                                start.head().isPresent()
                                        ? OptionalLong.of(start.head().get().getVersion())
                                        : OptionalLong.empty(),
                                start.standing())
                        .run(stopped);
            }
        }
    }

    private Start start(
            Optional<Checkpoint> head, String topic, SortedMap<Integer, Long> positions) {
        boolean resumed = head.isPresent() && Standing.isOf(topic, head.get());
        return new Start(
                head,
                resumed,
                resumed
                        ? Standing.after(head.get(), topic, positions)
                        : Standing.first(identity.run(), positions));
    }

    /// The committed position of every partition; at the first start, where its log begins.
    private SortedMap<Integer, Long> positions(Consumer<byte[], byte[]> consumer, String topic) {
        try (Admin admin = connection.openAdmin()) {
            StartPositions.ensure(admin, connection.group(identity.trainer()), List.of(topic));
        }
        try {
            Set<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(p -> new TopicPartition(p.topic(), p.partition()))
                            .collect(Collectors.toSet());
            SortedMap<Integer, Long> positions = new TreeMap<>();
            consumer.committed(partitions)
                    .forEach((partition, position) ->
                            positions.put(partition.partition(), position.offset()));
            return positions;
        } catch (TimeoutException e) {
            throw new ClusterUnreachableException(
                    "the positions of %s in %s were asked for: %s"
                            .formatted(connection.group(identity.trainer()), topic, e.getMessage()),
                    e);
        }
    }
}
