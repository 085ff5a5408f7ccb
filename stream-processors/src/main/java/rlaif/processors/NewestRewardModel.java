package rlaif.processors;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.models.CheckpointStore;
import rlaif.models.TensorThread;
import rlaif.topics.CheckpointFollower;

/// The reward model announced last: announcements are looked for between two uses, and weights
/// swapped there.
final class NewestRewardModel implements NewestScorer, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NewestRewardModel.class);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);

    private final CheckpointFollower announcements;
    private final CheckpointStore store;
    private final String policy;
    private final int tensorThreads;
    private @Nullable RewardModel model;
    private long lookedNanos;

    /// @param announcements refreshed by this alone from now on
    NewestRewardModel(
            CheckpointFollower announcements,
            CheckpointStore store,
            String policy,
            int tensorThreads) {
        this.announcements = announcements;
        this.store = store;
        this.policy = policy;
        this.tensorThreads = tensorThreads;
    }

    @Override
    public synchronized void use(Consumer<Scorer> use) {
        TensorThread.prepare(tensorThreads);
        use.accept(newest());
    }

    private RewardModel newest() {
        RewardModel current = model;
        if (current != null && System.nanoTime() - lookedNanos < LOOK_INTERVAL.toNanos()) {
            return current;
        }
        announcements.refresh();
        lookedNanos = System.nanoTime();
        Checkpoint announced =
                announcements
                        .latest(policy, CheckpointRole.REWARD_MODEL)
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "no reward model of policy '" + policy + "' is announced"));
        if (current != null && current.version() == announced.getVersion()) {
            return current;
        }
        RewardModel loaded = RewardModel.load(store, announced);
        model = loaded;
        if (current != null) {
            current.close();
        }
        LOG.info("scoring with reward model {} version {}", policy, loaded.version());
        return loaded;
    }

    @Override
    public synchronized void close() {
        if (model != null) {
            model.close();
            model = null;
        }
    }
}
