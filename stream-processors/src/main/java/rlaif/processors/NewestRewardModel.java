package rlaif.processors;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.events.Checkpoint;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.CheckpointStore;
import rlaif.models.TensorThread;

/// The reward model announced last: announcements are looked for between two uses, and weights
/// swapped there. Where the newest is refused, the one that scores goes on; at the start, the
/// newest that is sound scores.
final class NewestRewardModel implements NewestScorer, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NewestRewardModel.class);

    private final Supplier<List<Checkpoint>> announcedVersions;
    private final Duration lookInterval;
    private final CheckpointStore store;
    private final int tensorThreads;
    private final int maxTokens;
    private @Nullable RewardModel model;
    private long lookedNanos;
    private long newestSeen = -1;

    /// @param announcedVersions looks for the versions whose files are there by what is announced,
    ///   newest first, at least one; asked by one thread at a time
    /// @param lookInterval least time between two looks
    /// @param maxTokens that are scored at once; 0: as {@link rlaif.models.LastTokenScores} cuts
    ///   them
    NewestRewardModel(
            Supplier<List<Checkpoint>> announcedVersions,
            Duration lookInterval,
            CheckpointStore store,
            int tensorThreads,
            int maxTokens) {
        this.announcedVersions = announcedVersions;
        this.lookInterval = lookInterval;
        this.store = store;
        this.tensorThreads = tensorThreads;
        this.maxTokens = maxTokens;
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
        List<Checkpoint> newestFirst = announcedVersions.get();
        lookedNanos = System.nanoTime();
        long newest = newestFirst.getFirst().getVersion();
        if (current != null && newest == newestSeen) {
            return current;
        }
        newestSeen = newest;
        RewardModel loaded = newestSound(newestFirst, current);
        model = loaded;
        if (current != null && current != loaded) {
            current.close();
        }
        LOG.info("scoring with reward model version {}", loaded.version());
        return loaded;
    }

    private RewardModel newestSound(List<Checkpoint> newestFirst, @Nullable RewardModel current) {
        List<CheckpointRefusedException> refusals = new ArrayList<>();
        for (Checkpoint version : newestFirst) {
            try {
                return RewardModel.load(store, version, maxTokens);
            } catch (CheckpointRefusedException e) {
                refusals.add(e);
                LOG.error(
                        "reward model version {} of policy {} is refused, {}: {}",
                        version.getVersion(),
                        version.getPolicy(),
                        current == null
                                ? "the one before it is tried"
                                : "version %d keeps scoring".formatted(current.version()),
                        e.getMessage());
            }
            if (current != null) {
                return current;
            }
        }
        throw refusals.getFirst();
    }

    @Override
    public synchronized void close() {
        if (model != null) {
            model.close();
            model = null;
        }
    }
}
