package rlaif.processors;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.events.Checkpoint;
import rlaif.models.CheckpointStore;
import rlaif.models.TensorThread;

/// The reward model announced last: announcements are looked for between two uses, and weights
/// swapped there.
final class NewestRewardModel implements NewestScorer, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NewestRewardModel.class);

    private final Supplier<Checkpoint> newestAnnounced;
    private final Duration lookInterval;
    private final CheckpointStore store;
    private final int tensorThreads;
    private @Nullable RewardModel model;
    private long lookedNanos;

    /// @param newestAnnounced looks for the announcement of the highest version; asked by one
    ///   thread at a time
    /// @param lookInterval least time between two looks
    NewestRewardModel(
            Supplier<Checkpoint> newestAnnounced,
            Duration lookInterval,
            CheckpointStore store,
            int tensorThreads) {
        this.newestAnnounced = newestAnnounced;
        this.lookInterval = lookInterval;
        this.store = store;
        this.tensorThreads = tensorThreads;
    }

    @Override
    public synchronized void use(Consumer<Scorer> use) {
        TensorThread.prepare(tensorThreads);
        use.accept(newest());
    }

    private RewardModel newest() {
        RewardModel current = model;
        if (current != null && System.nanoTime() - lookedNanos < lookInterval.toNanos()) {
            return current;
        }
        Checkpoint announced = newestAnnounced.get();
        lookedNanos = System.nanoTime();
        if (current != null && current.version() == announced.getVersion()) {
            return current;
        }
        RewardModel loaded = RewardModel.load(store, announced);
        model = loaded;
        if (current != null) {
            current.close();
        }
        LOG.info(
                "scoring with reward model version {} of policy {}",
                loaded.version(),
                announced.getPolicy());
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
