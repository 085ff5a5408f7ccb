package rlaif.trainers.loop;

import rlaif.events.Checkpoint;
import rlaif.events.TrainingStep;

/// The arithmetic of a trainer with everything that it has learned; knows no Kafka.
public interface Learner<X> extends AutoCloseable {
    /// Learns from `batch` as the step numbered `step`.
    ///
    /// @return metrics and versions; the loop fills in the rest
    TrainingStep learn(long step, Batch<X> batch);

    /// Whether the last step ends a version.
    boolean checkpointDue();

    /// Writes `version` to the checkpoint store, with everything that a resume at `standing` needs.
    ///
    /// @return URI, digest and what only this learner knows; the loop fills in the rest
    Checkpoint stage(long version, Standing standing);

    /// Goes on from `checkpoint`, which has been announced.
    void announced(Checkpoint checkpoint);

    /// Whether there is nothing left to learn.
    boolean finished();

    @Override
    void close();
}
