package rlaif.cli;

import java.time.Duration;
import rlaif.cli.config.Configuration;
import rlaif.monitor.TallySnapshot;
import rlaif.topics.Topic;

/// Whether deterministic trainers wait for shares of partitions that will not come any more: no
/// step for thrice the longest time between two before.
///
/// At most what a standstill may last, so that a run ends in order.
final class TrainersAtRest {
    private static final Duration SHORTEST = Duration.ofSeconds(20);
    private static final Duration LONGEST = Duration.ofSeconds(100);

    private final boolean deterministic;
    private long records = -1;
    private long changedNanos = System.nanoTime();
    private long longestGapNanos;

    TrainersAtRest(Configuration configuration) {
        this.deterministic = new TrainerSettings(configuration).isDeterministic();
    }

    /// @param now what has been counted by now
    boolean look(TallySnapshot now) {
        long counted =
                now.count(Topic.TRAINING_STEPS)
                        + now.count(Topic.SCORED_ROLLOUTS)
                        + now.count(Topic.PREFERENCES);
        long gapNanos = System.nanoTime() - changedNanos;
        if (counted != records) {
            records = counted;
            changedNanos += gapNanos;
            if (now.count(Topic.TRAINING_STEPS) > 0) {
                longestGapNanos = Math.max(longestGapNanos, gapNanos);
            }
            return false;
        }
        return deterministic
                && gapNanos
                        > Math.clamp(3 * longestGapNanos, SHORTEST.toNanos(), LONGEST.toNanos());
    }
}
