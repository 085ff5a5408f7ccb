package rlaif.trainers;

/// The least that may wait for a trainer before rollout workers pause: with less, a trainer could
/// wait for records that are not sampled.
///
/// @param role of the trainer
/// @param recordsPerCheckpoint consumed before positions are committed
/// @param batch records of one step
public record PauseLimit(String role, long recordsPerCheckpoint, long batch) {
    /// Twice what is consumed between two commits and one batch more, in records.
    public long leastRecords() {
        return 2 * (recordsPerCheckpoint + batch);
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
