package rlaif.trainers.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import rlaif.events.Checkpoint;
import rlaif.models.CheckpointStore;

/// The files of the announced versions on this disk: what a version no longer keeps is announced
/// with a newer one first, and deleted then.
record KeptFiles(CheckpointStore store, Lineage lineage, Retention retention) {
    /// Newest versions that keep what only a trainer reads, to go on after a kill.
    private static final int TRAINER_FILES = 2;

    /// Deletes what a kill has left: files of versions that are announced as deleted, versions that
    /// were written and not announced, and folders that were never finished. Nobody else may
    /// announce the while.
    void tidy(TrainerIdentity identity) {
        Optional<Checkpoint> _ = lineage.head();
        lineage.retired().forEach(this::delete);
        String role = TrainerIdentity.written(identity.role());
        for (String uri : store.unannounced(role)) {
            if (lineage.announces(uri)) {
                store.announced(uri);
            } else {
                store.discard(uri);
            }
        }
        store.sweep(role);
    }

    /// The versions whose files go once `next` is announced.
    List<Long> retiredBy(Checkpoint next) {
        List<Checkpoint> kept = new ArrayList<>(lineage.keptBefore(next.getVersion()));
        kept.add(next);
        Object base =
                store.facts(next.getUri(), next.getDigest()).get(CheckpointStore.ADAPTER_BASE);
        return retention.retired(kept, base == null ? Set.of() : Set.of(base.toString()));
    }

    /// Deletes what `newest` has made old; trainer files of the version before them too, in case of
    /// a kill in between.
    void announced(Checkpoint newest) {
        store.announced(newest.getUri());
        newest.getRetired().forEach(this::delete);
        for (long old = newest.getVersion() - TRAINER_FILES - 1;
                old <= newest.getVersion() - TRAINER_FILES;
                old++) {
            lineage.known(old)
                    .ifPresent(checkpoint ->
                            store.dropTrainerFiles(checkpoint.getUri(), checkpoint.getDigest()));
        }
    }

    private void delete(long version) {
        lineage.known(version)
                .ifPresent(checkpoint -> store.delete(checkpoint.getUri(), checkpoint.getDigest()));
    }
}
