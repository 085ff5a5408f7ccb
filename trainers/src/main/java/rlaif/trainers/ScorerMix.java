package rlaif.trainers;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How many groups of a batch a newer scorer version came into: the rollouts of each version are
/// then compared among themselves only.
final class ScorerMix {
    private ScorerMix() {}

    /// `groups/mixed_scorers`, groups scored by more than one version.
    static Map<String, Double> of(List<AcceptedRollout> batch) {
        Map<String, Set<Long>> versions = new HashMap<>();
        for (AcceptedRollout rollout : batch) {
            versions.computeIfAbsent(rollout.groupId(), _ -> new HashSet<>())
                    .add(rollout.scorerVersion());
        }
        long mixed = versions.values().stream().filter(of -> of.size() > 1).count();
        return Map.of("groups/mixed_scorers", (double) mixed);
    }
}
