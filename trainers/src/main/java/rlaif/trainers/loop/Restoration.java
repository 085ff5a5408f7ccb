package rlaif.trainers.loop;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import rlaif.events.Checkpoint;
import rlaif.models.CheckpointStore;

/// An old version made the newest again: its weights, and what a trainer keeps beside them, under
/// the next number.
///
/// What was consumed stays consumed: offsets, run and step are those of the version that it
/// follows.
public record Restoration(CheckpointStore store) {

    /// Writes the folder of the version after `head` and makes its announcement.
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
}
