package rlaif.trainers;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import rlaif.events.Checkpoint;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.CheckpointStore;
import rlaif.trainers.loop.Lineage;

/// SL-CAI that has ended, beside the settings of a later start.
///
/// @param version that it ended with, from 1
/// @param learned revisions that this was trained on
/// @param after what was announced since, in words; empty: nothing that follows from it
record EndedSlCai(
        RevisionTrainer.Settings settings, long version, long learned, Optional<String> after) {

    /// Empty: what the version was trained on is not known, since its files are on another disk.
    static Optional<EndedSlCai> of(
            Workshop workshop, Checkpoint end, Lineage lineage, RevisionTrainer.Settings settings) {
        try {
            OptionalLong learned = learned(workshop, end, settings);
            return learned.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new EndedSlCai(
                                    settings,
                                    end.getVersion(),
                                    learned.getAsLong(),
                                    lineage.following(end)));
        } catch (CheckpointRefusedException notHere) {
            return Optional.empty();
        }
    }

    /// Of what the manifest names: where that is fewer than the settings do and its trainer's files
    /// are still there, these say it exactly, whatever the settings of the time were.
    private static OptionalLong learned(
            Workshop workshop, Checkpoint end, RevisionTrainer.Settings settings) {
        CheckpointStore store = workshop.store();
        Object told = store.facts(end.getUri(), end.getDigest()).get("settings");
        if (!(told instanceof Map<?, ?> before)
                || !(before.get("revisions") instanceof Number revisions)
                || !(before.get("batch") instanceof Number batch)
                || end.getStep() < 0) {
            return OptionalLong.empty();
        }
        long named = Math.min(revisions.longValue(), end.getStep() * batch.longValue());
        return named < settings.revisions()
                        && store.holdsTrainerFiles(end.getUri(), end.getDigest())
                ? OptionalLong.of(
                        RevisionProgress.load(
                                        workshop.trainerFiles(end).resolve(RevisionProgress.FILE))
                                .revisions())
                : OptionalLong.of(named);
    }

    /// That the settings name more revisions, and what would help; empty: they do not.
    Optional<String> shortage() {
        return learned >= settings.revisions()
                ? Optional.empty()
                : Optional.of(
                        "slCai.revisions is %d, but SL-CAI of policy '%s' has ended with version %d after %d revisions, and trains on no more; %s"
                                .formatted(
                                        settings.revisions(),
                                        settings.policy(),
                                        version,
                                        learned,
                                        wayOut()));
    }

    private String wayOut() {
        OptionalLong perCheckpoint =
                after.isPresent() ? OptionalLong.empty() : perCheckpointToGoOn();
        return perCheckpoint.isPresent()
                ? "to go on from there set slCai.revisionsPerCheckpoint to %d"
                        .formatted(perCheckpoint.getAsLong())
                : "%sto train on more, begin with another data.dir or topics.prefix"
                        .formatted(
                                after.map(what -> "%s follows that: ".formatted(what)).orElse(""));
    }

    /// By which SL-CAI would end with a later version, and all numbers up to that be taken.
    private OptionalLong perCheckpointToGoOn() {
        long batch = settings.batch();
        long steps = Math.ceilDiv(settings.revisions(), batch);
        long taken = Math.ceilDiv(learned, batch);
        return LongStream.iterate(Math.ceilDiv(taken, version), each -> each > 0, each -> each - 1)
                .filter(each -> Math.ceilDiv(steps, each) > version)
                .filter(each ->
                        version + Math.ceilDiv(steps - taken, each) >= Math.ceilDiv(steps, each))
                .map(each -> each * batch)
                .findFirst();
    }
}
