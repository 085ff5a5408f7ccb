package rlaif.trainers.loop;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a manifest says of how its checkpoint was made: everything that decides the weights, and
/// nothing that differs when the same training is done again: where a run began to consume does,
/// once it was killed before its first version and after records that were passed over.
public final class ManifestFacts {
    private ManifestFacts() {}

    /// The facts of `version`, which `standing` ends.
    ///
    /// @param settings those that decide the weights
    public static Map<String, Object> of(
            TrainerIdentity identity,
            long version,
            Standing standing,
            Map<String, Object> settings) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("policy", identity.policy());
        facts.put("trainer", identity.trainer());
        facts.put("version", version);
        facts.put("step", standing.step());
        List<Map<String, Object>> consumed = new ArrayList<>();
        standing.consumed()
                .forEach((partition, offsets) -> {
                    Map<String, Object> range = new LinkedHashMap<>();
                    range.put("topic", identity.source().shortName());
                    range.put("partition", partition);
                    range.put("to", offsets.to());
                    consumed.add(range);
                });
        facts.put("consumed", consumed);
        facts.put("settings", new TreeMap<>(settings));
        return facts;
    }
}
