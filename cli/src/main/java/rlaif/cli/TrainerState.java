package rlaif.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rlaif.events.Checkpoint;
import rlaif.models.CheckpointStore;

/// What a trainer has kept beside the weights of a version, and whether it is still there: only
/// then does training go on from there with it, and not with new ones.
///
/// @param parts in words; none where no trainer has kept anything
/// @param kept whether they are still there
record TrainerState(List<String> parts, boolean kept) {
    private static final Map<String, String> PART_OF_FILE = new LinkedHashMap<>();

    static {
        PART_OF_FILE.put("policy-optimizer", "optimizer");
        PART_OF_FILE.put("optimizer", "optimizer");
        PART_OF_FILE.put("value-weights", "value model");
        PART_OF_FILE.put("kl-coefficient", "coefficient of the KL penalty");
        PART_OF_FILE.put("adapter-base.json", "adapters");
        PART_OF_FILE.put("progress.json", "counts of what was trained on");
    }

    /// Of an announced version.
    static TrainerState beside(Checkpoint version, CheckpointStore store) {
        List<String> files = store.trainerFiles(version.getUri(), version.getDigest());
        return new TrainerState(
                PART_OF_FILE.entrySet().stream()
                        .filter(part -> files.contains(part.getKey()))
                        .map(Map.Entry::getValue)
                        .toList(),
                store.holdsTrainerFiles(version.getUri(), version.getDigest()));
    }

    /// `kept: optimizer, value model`, or what else became of them.
    String words() {
        if (parts.isEmpty()) {
            return "weights alone";
        }
        return (kept ? "kept: " : "dropped: ") + String.join(", ", parts);
    }

    /// What a trainer makes of it that goes on from there.
    String sentence() {
        if (parts.isEmpty()) {
            return "it has weights alone: what a trainer keeps beside them (optimizer, value model, ...) begins anew";
        }
        String all = String.join(", ", parts);
        return kept
                ? "training goes on with what was kept beside them: " + all
                : "begins anew, since only the two newest versions keep it: " + all;
    }

    void putInto(ObjectNode json) {
        json.put("trainerState", parts.isEmpty() ? "none" : kept ? "kept" : "dropped");
        ArrayNode array = json.putArray("trainerParts");
        parts.forEach(array::add);
    }
}
