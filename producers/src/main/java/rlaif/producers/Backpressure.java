package rlaif.producers;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import rlaif.topics.GroupLag;

/// Whether the consumers downstream have room for one more batch.
final class Backpressure {
    private final GroupLag lag;
    private final List<PauseOn> pauseOn;
    private final int promptsPerBatch;
    private final BooleanSupplier rewardModelAnnounced;
    private final Set<PauseOn> started = new HashSet<>();

    Backpressure(
            GroupLag lag,
            List<PauseOn> pauseOn,
            int promptsPerBatch,
            BooleanSupplier rewardModelAnnounced) {
        this.lag = lag;
        this.pauseOn = pauseOn;
        this.promptsPerBatch = promptsPerBatch;
        this.rewardModelAnnounced = rewardModelAnnounced;
    }

    /// A group counts once it has committed offsets: before that nobody is there to wait for.
    boolean hasRoom() {
        return pauseOn.stream().allMatch(this::hasRoom);
    }

    private boolean hasRoom(PauseOn entry) {
        if (entry.onlyWithRewardModel() && !rewardModelAnnounced.getAsBoolean()) {
            return true;
        }
        return !hasStarted(entry)
                || lag.lag(entry.group(), entry.topic()) + entry.added(promptsPerBatch)
                        <= entry.limit();
    }

    private boolean hasStarted(PauseOn entry) {
        return started.contains(entry)
                || (lag.hasCommitted(entry.group(), entry.topic()) && started.add(entry));
    }
}
