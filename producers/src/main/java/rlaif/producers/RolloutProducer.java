package rlaif.producers;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.Prompt;
import rlaif.events.Rollout;
import rlaif.models.CheckpointStore;
import rlaif.models.NotFiniteException;
import rlaif.models.SamplingSettings;
import rlaif.models.TensorThread;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.GroupLag;
import rlaif.topics.StartPositions;
import rlaif.topics.Topic;

/// The worker that samples one group of completions for each prompt with the newest policy.
///
/// The prompts of one poll become rollouts, dead letters and consumed offsets in one transaction,
/// opened only to write, in the order of the polls; completions of the next begin as those before
/// them end. Weights are swapped between groups or between tokens, as {@link PolicySwap} says. Any
/// number of workers share the prompts, each under a member id of its own.
public final class RolloutProducer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RolloutProducer.class);

    /// Longest that a poll waits for prompts while others are sampled.
    private static final Duration BESIDE_SAMPLING = Duration.ofMillis(1);

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
    private final RolloutFlow flow = new RolloutFlow();
    private long nextDrawNanos;

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
                ServedPolicy policy =
                        new ServedPolicy(
                                new SamplingSettings(settings.temperature(), settings.maxTokens()),
                                settings.places(),
                                settings.swap());
                Admin admin = connection.openAdmin()) {
            PolicyVersions versions = new PolicyVersions(() -> announced(follower), store);
            if (awaitPolicy(versions::next, policy)) {
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
    private boolean awaitPolicy(Supplier<Optional<PolicyVersion>> newer, ServedPolicy policy) {
        while (!stop.isAsked()) {
            newer.get().ifPresent(policy::swap);
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
                        () ->
                                follower.latest(settings.policy(), CheckpointRole.REWARD_MODEL)
                                        .isPresent());
        try (Consumer<byte[], byte[]> consumer =
                connection.openConsumer(
                        PromptConsumer.settings(
                                group, settings.memberId(), settings.promptsPerBatch()))) {
            Membership membership = new Membership(admin, consumer, settings.memberId());
            PromptConsumer prompts = new PromptConsumer(consumer);
            consumer.subscribe(List.of(connection.name(Topic.PROMPTS)), prompts);
            if (joined(prompts, membership)) {
                try (TransactionalWriter writer = writer(membership)) {
                    writer.begin();
                    sample(versions, policy, new Prompts(follower, backpressure, prompts), writer);
                }
            }
        }
    }

    /// True once it is the member, false when asked to stop before. An older worker of the same
    /// member id is fenced only after that: its transaction then fails when the group already says
    /// why.
    private boolean joined(PromptConsumer consumer, Membership membership) {
        while (!stop.isAsked() && !membership.hasBegun()) {
            consumer.poll(true, settings.recheck());
        }
        return membership.hasBegun();
    }

    private TransactionalWriter writer(Membership membership) {
        return new TransactionalWriter(
                () -> producers.apply(group + "-" + settings.memberId()), membership, superseded());
    }

    /// Where prompts come from, when there is room for what becomes of them.
    private record Prompts(
            CheckpointFollower follower, Backpressure backpressure, PromptConsumer consumer) {}

    /// How newer versions are followed.
    ///
    /// @param versions all of them
    /// @param later gives one that must wait until nothing is being drawn
    /// @param arrivals those that take over between two tokens
    private record Following(
            PolicyVersions versions,
            Supplier<Optional<PolicyVersion>> later,
            ServedPolicy.Arrivals arrivals) {}

    private void sample(
            PolicyVersions versions,
            ServedPolicy policy,
            Prompts from,
            TransactionalWriter writer) {
        switch (settings.swap()) {
            case BETWEEN_GROUPS ->
                    sample(
                            new Following(versions, versions::next, _ -> Optional.empty()),
                            policy,
                            from,
                            writer);
            case IN_FLIGHT -> {
                try (PolicyWatch watch = new PolicyWatch(versions, settings.recheck())) {
                    sample(
                            new Following(
                                    versions,
                                    () ->
                                            watch.take(next ->
                                                    policy.isIdle()
                                                            || !next.continues(policy.version())),
                                    watch),
                            policy,
                            from,
                            writer);
                }
            }
        }
    }

    private void sample(
            Following following, ServedPolicy policy, Prompts from, TransactionalWriter writer) {
        @Nullable PolicyVersion next = null;
        try {
            while (!stop.isAsked()) {
                if (next != null && policy.isIdle()) {
                    policy.swap(next);
                    next = null;
                }
                if (next == null && flow.wantsMore() && isTimeToDraw()) {
                    draw(from);
                    next = flow.isEmpty() ? null : following.later().get().orElse(null);
                }
                if (next == null) {
                    flow.begin(policy);
                }
                try {
                    flow.step(policy, following.arrivals());
                } catch (NotFiniteException e) {
                    next = goBack(e, next, following, policy, from.consumer());
                }
                write(from.consumer(), writer);
            }
        } finally {
            flow.clear();
            if (next != null) {
                next.close();
            }
        }
    }

    private boolean isTimeToDraw() {
        return flow.isEmpty() || System.nanoTime() - nextDrawNanos >= 0;
    }

    /// One poll of prompts, if there is room for what becomes of them and of those before them.
    /// While something is sampled it hardly waits for prompts, and looks again after a while.
    private void draw(Prompts from) {
        from.follower().refresh();
        boolean room = from.backpressure().hasRoom(flow.prompts() + settings.promptsPerBatch());
        ConsumerRecords<byte[], byte[]> records =
                from.consumer().poll(!room, flow.isEmpty() ? settings.recheck() : BESIDE_SAMPLING);
        if (from.consumer().hasLostSome() && !flow.isEmpty()) {
            Set<TopicPartition> drawn = new HashSet<>(flow.partitions());
            drawn.addAll(records.partitions());
            startOver(from.consumer(), drawn);
            return;
        }
        if (records.isEmpty()) {
            nextDrawNanos = System.nanoTime() + settings.recheck().toNanos();
        } else {
            flow.add(new RolloutBatch(connection, prompts, rollouts, settings, records));
        }
    }

    /// Samples what was drawn once more, by the newest version but the one that cannot.
    private @Nullable PolicyVersion goBack(
            NotFiniteException failure,
            @Nullable PolicyVersion next,
            Following following,
            ServedPolicy policy,
            PromptConsumer consumer) {
        long version = policy.version().version();
        LOG.error(
                "policy {} version {} is refused, the version before is tried: {}",
                settings.policy(),
                version,
                failure.getMessage());
        startOver(consumer, flow.partitions());
        policy.close();
        if (next == null) {
            following.versions().withdraw(version, failure);
            awaitPolicy(following.later(), policy);
        }
        return next;
    }

    /// Writes the polls that are sampled, in the order in which they were drawn.
    private void write(PromptConsumer consumer, TransactionalWriter writer) {
        for (Optional<RolloutBatch> whole = flow.whole(); whole.isPresent(); whole = flow.whole()) {
            RolloutBatch poll = whole.get();
            if (!writer.write(poll.written(), poll.positions(), consumer.member())) {
                startOver(consumer, flow.partitions());
                return;
            }
            flow.leave();
            sampled.addAndGet(poll.prompts());
        }
    }

    /// Gives up what was drawn, to draw it once more unless it was committed unnoticed.
    private void startOver(PromptConsumer consumer, Set<TopicPartition> drawn) {
        flow.clear();
        consumer.backToCommitted(drawn);
    }

    /// Asks a running worker to end, and waits until it has. What it has drawn and not written is
    /// sampled at the next start.
    @Override
    public void close() {
        stop.ask();
        stop.awaitEnd();
    }
}
