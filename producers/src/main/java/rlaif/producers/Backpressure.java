package rlaif.producers;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import rlaif.topics.GroupLag;

/// Whether the consumers downstream have room for more prompts.
final class Backpressure {
    private final GroupLag lag;
    private final List<PauseOn> pauseOn;
    private final BooleanSupplier rewardModelAnnounced;
    private final Set<PauseOn> started = new HashSet<>();

    Backpressure(GroupLag lag, List<PauseOn> pauseOn, BooleanSupplier rewardModelAnnounced) {
        this.lag = lag;
        this.pauseOn = pauseOn;
        this.rewardModelAnnounced = rewardModelAnnounced;
    }

    /// A group that is not known to be at work counts once it has committed offsets: before that
    /// nobody may be there to wait for.
    ///
    /// @param prompts whose rollouts are not written yet
    boolean hasRoom(int prompts) {
        return pauseOn.stream().allMatch(entry -> hasRoom(entry, prompts));
    }

    private boolean hasRoom(PauseOn entry, int prompts) {
        if (entry.onlyWithRewardModel() && !rewardModelAnnounced.getAsBoolean()) {
            return true;
        }
        return !hasStarted(entry)
                || lag.lag(entry.group(), entry.topic()) + entry.added(prompts) <= entry.limit();
    }

    private boolean hasStarted(PauseOn entry) {
        return entry.atWork()
                || started.contains(entry)
                || (lag.hasCommitted(entry.group(), entry.topic()) && started.add(entry));
    }
}
