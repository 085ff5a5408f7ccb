package rlaif.cli;

import java.time.Duration;
import rlaif.cli.config.Configuration;
import rlaif.monitor.TallySnapshot;
import rlaif.topics.Topic;

/// Whether deterministic trainers wait for shares of partitions that will not come any more: no
/// step for a while.
final class TrainersAtRest {
    private static final Duration LONGEST_BETWEEN_STEPS = Duration.ofSeconds(20);

    private final boolean deterministic;
    private long records = -1;
    private long changedNanos = System.nanoTime();

    TrainersAtRest(Configuration configuration) {
        this.deterministic = new TrainerSettings(configuration).isDeterministic();
    }

    /// @param now what has been counted by now
    boolean look(TallySnapshot now) {
        long counted =
                now.count(Topic.TRAINING_STEPS)
                        + now.count(Topic.SCORED_ROLLOUTS)
                        + now.count(Topic.PREFERENCES);
        if (counted != records) {
            records = counted;
            changedNanos = System.nanoTime();
        }
        return deterministic
                && System.nanoTime() - changedNanos > LONGEST_BETWEEN_STEPS.toNanos();
    }
}
