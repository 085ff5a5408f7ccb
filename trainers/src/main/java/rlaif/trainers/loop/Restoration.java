package rlaif.trainers.loop;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import rlaif.events.Checkpoint;
import rlaif.events.OffsetRange;
import rlaif.models.CheckpointStore;

/// An old version made the newest again: its weights, and what a trainer keeps beside them, under
/// the next number.
public record Restoration(CheckpointStore store) {

    /// Writes the folder of the version after `head` and makes its announcement, as an operator
    /// wants it: what was consumed stays consumed, and run and step are those of `head`.
    ///
    /// @param restored whose weights it carries; its parent becomes the new version's, so that both
    ///   stand side by side in the tree of versions
    /// @param by who announces it
    public Checkpoint stage(Checkpoint head, Checkpoint restored, String by) {
        Path folder = store.openWhole(restored.getUri(), restored.getDigest());
        long version = head.getVersion() + 1;
        Map<String, Object> facts = new TreeMap<>(CheckpointStore.facts(folder));
        facts.put("version", version);
        facts.put("restores", restored.getVersion());
        CheckpointStore.Stored stored =
                store.copy(folder, TrainerIdentity.written(head.getRole()), version, facts);
        return Checkpoint.newBuilder(restored)
                .setVersion(version)
                .setRestores(restored.getVersion())
                .setUri(stored.uri())
                .setDigest(stored.digest())
                .setConsumed(head.getConsumed())
                .setRun(head.getRun())
                .setGeneration(head.getGeneration())
                .setStep(head.getStep())
                .setAnnouncedBy(by)
                .setRetired(List.of())
                .build();
    }

    /// The same where the files of `head` are lost, and with them what it had learned from the
    /// records of `topic`: those are to be consumed again, in a new generation of the run.
    ///
    /// @param step at which the trainer of `topic` stood when `restored` was announced
    Checkpoint stageInPlaceOf(
            Checkpoint head, Checkpoint restored, String topic, long step, String by) {
        Checkpoint staged = stage(head, restored, by);
        staged.setConsumed(
                head.getConsumed().stream()
                        .filter(range -> range.getTopic().equals(topic))
                        .map(range -> upTo(restored, range))
                        .toList());
        staged.setGeneration(head.getGeneration() + 1);
        staged.setStep(step);
        return staged;
    }

    /// `range` up to where `restored` had consumed it; empty where it had not begun.
    private static OffsetRange upTo(Checkpoint restored, OffsetRange range) {
        long to =
                restored.getConsumed().stream()
                        .filter(before -> before.getTopic().equals(range.getTopic()))
                        .filter(before -> before.getPartition() == range.getPartition())
                        .mapToLong(OffsetRange::getTo)
                        .findFirst()
                        .orElse(range.getFrom());
        return new OffsetRange(range.getTopic(), range.getPartition(), range.getFrom(), to);
    }
}
