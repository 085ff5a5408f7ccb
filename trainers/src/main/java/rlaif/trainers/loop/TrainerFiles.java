package rlaif.trainers.loop;

import rlaif.models.CheckpointStore;

/// What trainers keep in their checkpoints to go on after a kill; older versions' is dropped, their
/// weights never.
record TrainerFiles(CheckpointStore store, Lineage lineage) {
    /// Newest versions that keep theirs.
    private static final int KEPT_VERSIONS = 2;

    /// Drops what the versions hold that `newest` has made old; the one before them too, in case of
    /// a kill in between.
    void dropOld(long newest) {
        for (long old = newest - KEPT_VERSIONS - 1; old <= newest - KEPT_VERSIONS; old++) {
            lineage.known(old)
                    .ifPresent(checkpoint ->
                            store.dropTrainerFiles(checkpoint.getUri(), checkpoint.getDigest()));
        }
    }
}
