package rlaif.producers;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.Prompt;
import rlaif.events.Rollout;
import rlaif.models.CheckpointStore;
import rlaif.models.TensorThread;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.GroupLag;
import rlaif.topics.PositionLostException;
import rlaif.topics.StartPositions;
import rlaif.topics.Topic;

/// The worker that samples one group of completions for each prompt with the newest policy.
///
/// A batch of prompts becomes rollouts, dead letters and consumed offsets in one transaction,
/// opened only to write. Weights are swapped between batches or between tokens, as {@link
/// PolicySwap} says. Any number of workers share the prompts, each under a member id of its own.
public final class RolloutProducer implements AutoCloseable {
    /// Longest that sampling one batch may take before the group gives the prompts to another
    /// worker.
    private static final Duration LONGEST_BATCH = Duration.ofMinutes(10);

    private final Connection connection;
    private final Codecs codecs;
    private final CheckpointStore store;
    private final RolloutSettings settings;
    private final Function<String, Producer<byte[], byte[]>> producers;
    private final Codec<Prompt> prompts;
    private final Codec<Rollout> rollouts;
    private final String group;
    private final StopSignal stop = new StopSignal();
    private final AtomicLong sampled = new AtomicLong();
    private boolean waiting;

    public RolloutProducer(
            Connection connection, Codecs codecs, CheckpointStore store, RolloutSettings settings) {
        this(
                connection,
                codecs,
                store,
                settings,
                id -> connection.openProducer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id)));
    }

    /// @param producers opens one under a transactional id
    RolloutProducer(
            Connection connection,
            Codecs codecs,
            CheckpointStore store,
            RolloutSettings settings,
            Function<String, Producer<byte[], byte[]>> producers) {
        this.connection = connection;
        this.codecs = codecs;
        this.store = store;
        this.settings = settings;
        this.producers = producers;
        this.prompts = codecs.codec(Topic.PROMPTS);
        this.rollouts = codecs.codec(Topic.ROLLOUTS);
        this.group = connection.group("rollouts");
    }

    /// Prompts that this worker has written a group or a dead letter for since it was made, without
    /// those of transactions whose end it was not told.
    public long sampled() {
        return sampled.get();
    }

    /// Samples until {@link #close()} is called.
    public void run() {
        stop.begin();
        TensorThread.prepare(settings.tensorThreads());
        try (CheckpointFollower follower = new CheckpointFollower(connection, codecs);
                ServedPolicy policy = new ServedPolicy(settings.together());
                Admin admin = connection.openAdmin()) {
            PolicyVersions versions = new PolicyVersions(() -> announced(follower), store);
            if (awaitPolicy(versions, policy)) {
                StartPositions.ensure(admin, group, List.of(connection.name(Topic.PROMPTS)));
                consume(follower, versions, policy, admin);
            }
        } catch (KafkaException e) {
            throw Fencing.explained(e, superseded());
        } finally {
            stop.ended();
        }
    }

    private List<Checkpoint> announced(CheckpointFollower follower) {
        follower.refresh();
        return follower.kept(settings.policy(), CheckpointRole.POLICY);
    }

    private String superseded() {
        return "a newer rollout worker with the member id %s has taken over; give each worker its own"
                .formatted(settings.memberId());
    }

    /// True once the first version is loaded, false when asked to stop before.
    private boolean awaitPolicy(PolicyVersions versions, ServedPolicy policy) {
        while (!stop.isAsked()) {
            versions.next().ifPresent(policy::swap);
            if (policy.serves()) {
                return true;
            }
            stop.pause(settings.recheck());
        }
        return false;
    }

    private void consume(
            CheckpointFollower follower,
            PolicyVersions versions,
            ServedPolicy policy,
            Admin admin) {
        Backpressure backpressure =
                new Backpressure(
                        new GroupLag(admin),
                        settings.pauseOn(),
                        settings.promptsPerBatch(),
                        () ->
                                follower.latest(settings.policy(), CheckpointRole.REWARD_MODEL)
                                        .isPresent());
        try (Consumer<byte[], byte[]> consumer = connection.openConsumer(consumerSettings())) {
            Membership membership = new Membership(admin, consumer, settings.memberId());
            consumer.subscribe(
                    List.of(connection.name(Topic.PROMPTS)), new PauseWhileWaiting(consumer));
            if (joined(consumer, membership)) {
                try (TransactionalWriter writer = writer(membership)) {
                    writer.begin();
                    sample(versions, policy, new Prompts(follower, backpressure, consumer), writer);
                }
            }
        }
    }

    /// True once it is the member, false when asked to stop before. An older worker of the same
    /// member id is fenced only after that: its transaction then fails when the group already says
    /// why.
    private boolean joined(Consumer<byte[], byte[]> consumer, Membership membership) {
        while (!stop.isAsked() && !membership.hasBegun()) {
            poll(consumer, true);
        }
        return membership.hasBegun();
    }

    private TransactionalWriter writer(Membership membership) {
        return new TransactionalWriter(
                () -> producers.apply(group + "-" + settings.memberId()), membership, superseded());
    }

    /// Where prompts come from, when there is room for what becomes of them.
    private record Prompts(
            CheckpointFollower follower,
            Backpressure backpressure,
            Consumer<byte[], byte[]> consumer) {}

    private void sample(
            PolicyVersions versions,
            ServedPolicy policy,
            Prompts from,
            TransactionalWriter writer) {
        switch (settings.swap()) {
            case BETWEEN_GROUPS ->
                    sample(
                            () -> versions.next().ifPresent(policy::swap),
                            policy,
                            policy::sample,
                            from,
                            writer);
            case IN_FLIGHT -> {
                try (PolicyWatch watch = new PolicyWatch(versions, settings.recheck())) {
                    sample(
                            () -> watch.take(_ -> true).ifPresent(policy::swap),
                            policy,
                            (requests, sampling) -> policy.sample(requests, sampling, watch),
                            from,
                            writer);
                }
            }
        }
    }

    /// @param follow goes over to a newer version before a batch
    private void sample(
            Runnable follow,
            ServedPolicy policy,
            RolloutBatch.Decoding decoding,
            Prompts from,
            TransactionalWriter writer) {
        while (!stop.isAsked()) {
            from.follower().refresh();
            ConsumerRecords<byte[], byte[]> records =
                    poll(from.consumer(), !from.backpressure().hasRoom());
            if (!records.isEmpty()) {
                follow.run();
                work(
                        from.consumer(),
                        writer,
                        new RolloutBatch(connection, prompts, rollouts, settings, policy, decoding),
                        records);
            }
        }
    }

    private Map<String, Object> consumerSettings() {
        return Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                group,
                ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                settings.memberId(),
                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                "classic",
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName(),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                10_000,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                2_000,
                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                (int) LONGEST_BATCH.toMillis(),
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                settings.promptsPerBatch());
    }

    /// Prompts to sample; none while `wait`, in which it stays a member of the group.
    private ConsumerRecords<byte[], byte[]> poll(Consumer<byte[], byte[]> consumer, boolean wait) {
        waiting = wait;
        if (wait) {
            consumer.pause(consumer.assignment());
        } else {
            consumer.resume(consumer.paused());
        }
        try {
            return consumer.poll(settings.recheck());
        } catch (InvalidOffsetException e) {
            throw PositionLostException.of(group, consumer, e);
        }
    }

    /// Keeps partitions that arrive while the worker waits from giving records.
    private final class PauseWhileWaiting implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> consumer;

        PauseWhileWaiting(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (waiting) {
                consumer.pause(partitions);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
    }

    private void work(
            Consumer<byte[], byte[]> consumer,
            TransactionalWriter writer,
            RolloutBatch batch,
            ConsumerRecords<byte[], byte[]> records) {
        List<ProducerRecord<byte[], byte[]>> written = batch.sample(records);
        if (writer.write(written, consumed(records), consumer.groupMetadata())) {
            sampled.addAndGet(records.count());
        } else {
            backToCommitted(consumer, records);
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> consumed(
            ConsumerRecords<byte[], byte[]> records) {
        Map<TopicPartition, OffsetAndMetadata> consumed = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            consumed.put(
                    new TopicPartition(record.topic(), record.partition()),
                    new OffsetAndMetadata(record.offset() + 1));
        }
        return consumed;
    }

    /// Goes on from what the group has committed, on the partitions that are still this worker's:
    /// before `records`, or after them where they were committed unnoticed.
    private static void backToCommitted(
            Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records) {
        Set<TopicPartition> own = new HashSet<>(records.partitions());
        own.retainAll(consumer.assignment());
        consumer.committed(own)
                .forEach((partition, committed) -> consumer.seek(partition, committed.offset()));
    }

    /// Asks a running worker to end after the batch it is in, and waits until it has.
    @Override
    public void close() {
        stop.ask();
        stop.awaitEnd();
    }
}
