package rlaif.trainers;

/// The least that may wait for a trainer before rollout workers pause: with less, a trainer could
/// wait for records that are not sampled.
///
/// @param role of the trainer
/// @param recordsPerCheckpoint consumed before positions are committed
/// @param batch records of one step
/// @param trained share of the records that batches are made of at least, in (0, 1]: others are
///   held out or decide nothing
public record PauseLimit(String role, long recordsPerCheckpoint, long batch, double trained) {
    /// What is consumed between two commits and two batches more, in records.
    public long leastRecords() {
        return (long) Math.ceil(recordsPerCheckpoint / trained) + 2 * batch;
    }

    /// Refuses a limit at which the loop could stand still.
    public void require(long limitRecords) {
        if (limitRecords < leastRecords()) {
            throw new IllegalArgumentException(
                    "rollouts.pauseOn: %s: %d is too low, the trainer commits every %d records and takes %d a step: set at least %d"
                            .formatted(
                                    role,
                                    limitRecords,
                                    recordsPerCheckpoint,
                                    batch,
                                    leastRecords()));
        }
    }
}
