package rlaif.trainers.loop;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.CheckpointStore;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.ClusterUnreachableException;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.StartPositions;

/// A stream trainer from its start to its end: takes over from its predecessor, finds where the run
/// stands, and trains on from there; from there anew wherever an operator has put it.
///
/// @param unitsPerBatch records or whole groups with something to train on
public record TrainingSession(
        Connection connection,
        Codecs codecs,
        CheckpointFollower follower,
        CheckpointStore store,
        TrainerIdentity identity,
        int unitsPerBatch,
        Pace pace,
        Retention retention) {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingSession.class);

    /// Where a start begins.
    ///
    /// @param head newest announced version, whose files are sound; empty: none
    /// @param resumed whether `head` holds what this trainer kept beside the weights, so that
    ///   everything is restored from it
    /// @param abandoned versions that a rollback has left behind
    public record Start(
            Optional<Checkpoint> head, boolean resumed, Standing standing, Set<Long> abandoned) {
        public Start {
            abandoned = Set.copyOf(abandoned);
        }
    }

    /// What is trained, and what it takes from the stream.
    public record Trainee<E, X>(Intake<E, X> intake, Learner<X> learner) {}

    /// Trains what `trainee` makes of the start, until it has finished or `stopped`; closes its
    /// learner.
    public <E, X> void run(Function<Start, Trainee<E, X>> trainee, BooleanSupplier stopped) {
        Lineage lineage = new Lineage(follower, identity.policy(), identity.role());
        while (!stopped.getAsBoolean()) {
            try {
                if (!attempt(lineage, trainee, stopped)) {
                    return;
                }
            } catch (FencedTrainerException e) {
                if (!lineage.operatorFollows(e.goesOnFrom())) {
                    throw e;
                }
            }
            LOG.info(
                    "{} goes on from the version that an operator has announced",
                    identity.trainer());
        }
    }

    /// Trains until the end, or until an operator has announced a version: true then.
    private <E, X> boolean attempt(
            Lineage lineage, Function<Start, Trainee<E, X>> trainee, BooleanSupplier stopped) {
        String topic = connection.name(identity.source());
        CheckpointStore staged = store.stagedBy(identity.transactionalId(connection));
        KeptFiles keptFiles = new KeptFiles(staged, lineage, retention);
        try (Publisher publisher = new Publisher(connection, codecs, identity, lineage);
                Consumer<byte[], byte[]> consumer =
                        connection.openConsumer(
                                Map.of(
                                        ConsumerConfig.GROUP_ID_CONFIG,
                                        connection.group(identity.trainer())))) {
            keptFiles.tidy(identity);
            Optional<Checkpoint> head =
                    new SoundHead(staged, lineage, identity, topic)
                            .find(publisher, consumer.groupMetadata());
            Start start = start(lineage, head, topic, positions(consumer, topic));
            Trainee<E, X> made = trainee.apply(start);
            try (Learner<X> learner = made.learner()) {
                Feed<E, X> feed =
                        new Feed<>(
                                consumer,
                                topic,
                                start.standing().positions(),
                                made.intake(),
                                unitsPerBatch,
                                pace,
                                new ShareWait(
                                        identity.trainer(), topic, System::nanoTime, LOG::error));
                return new TrainingLoop<>(
                                identity,
                                topic,
                                feed,
                                learner,
                                publisher,
                                keptFiles,
                                new OperatorWatch(lineage),
                                start.head().isPresent()
                                        ? OptionalLong.of(start.head().get().getVersion())
                                        : OptionalLong.empty(),
                                start.standing())
                        .run(stopped);
            }
        }
    }

    private Start start(
            Lineage lineage, Optional<Checkpoint> head, String topic, GroupPositions positions) {
        Set<Long> abandoned = head.map(lineage::abandoned).orElse(Set.of());
        boolean own = head.isPresent() && Standing.isOf(topic, head.get());
        boolean resumed = own && holdsState(head.get());
        if (own && !resumed) {
            LOG.error(
                    "{} goes on from the weights of version {} with a new optimizer: what a trainer keeps beside them is not there",
                    identity.trainer(),
                    head.get().getVersion());
        }
        return new Start(
                head, resumed, Standing.at(head, lineage, identity, topic, positions), abandoned);
    }

    /// Whether this trainer's own files lie beside the weights. Only what it has not trained itself
    /// may be without them.
    private boolean holdsState(Checkpoint head) {
        boolean own =
                identity.trainer()
                        .equals(store.facts(head.getUri(), head.getDigest()).get("trainer"));
        boolean holds = own && store.holdsTrainerFiles(head.getUri(), head.getDigest());
        if (own && !holds && head.getRestores() == null) {
            throw new CheckpointRefusedException(
                    "checkpoint %s: trainer/ is missing, without which training cannot go on exactly. `rlaif policy rollback %d%s` makes it go on from the weights alone"
                            .formatted(
                                    head.getUri(),
                                    head.getVersion(),
                                    head.getRole() == CheckpointRole.POLICY
                                            ? ""
                                            : " --role "
                                                    + TrainerIdentity.written(head.getRole())));
        }
        return holds;
    }

    /// The committed position of every partition; at the first start, where its log begins.
    private GroupPositions positions(Consumer<byte[], byte[]> consumer, String topic) {
        try (Admin admin = connection.openAdmin()) {
            StartPositions.ensure(admin, connection.group(identity.trainer()), List.of(topic));
        }
        try {
            Set<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(p -> new TopicPartition(p.topic(), p.partition()))
                            .collect(Collectors.toSet());
            GroupPositions positions = GroupPositions.of(consumer.committed(partitions));
            positions.requireOf(identity.policy(), connection.group(identity.trainer()));
            return positions;
        } catch (TimeoutException e) {
            throw new ClusterUnreachableException(
                    "the positions of %s in %s were asked for: %s"
                            .formatted(connection.group(identity.trainer()), topic, e.getMessage()),
                    e);
        }
    }
}
