package rlaif.trainers.grouped;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import rlaif.trainers.ppo.MeasuredRollout;
import rlaif.trainers.ppo.PpoSettings;

/// The groups of a batch, each rollout with its advantage.
///
/// A rollout whose group has nobody else in the batch (the others were stale or refused) has
/// advantage 0: there is nothing to compare it with.
final class Groups {
    private final IdentityHashMap<MeasuredRollout, double[]> advantages = new IdentityHashMap<>();
    private int count;
    private int alone;
    private int level;
    private double deviations;

    private Groups() {}

    static Groups of(
            List<MeasuredRollout> batch,
            GroupObjective objective,
            double beta,
            PpoSettings settings) {
        Map<String, List<MeasuredRollout>> byGroup = new LinkedHashMap<>();
        batch.forEach(it ->
                byGroup.computeIfAbsent(it.rollout().group(), _ -> new ArrayList<>()).add(it));
        Groups groups = new Groups();
        byGroup.values()
                .forEach(group -> {
                    double[] rewards = new double[group.size()];
                    for (int i = 0; i < rewards.length; i++) {
                        MeasuredRollout it = group.get(i);
                        rewards[i] =
                                objective.reward(
                                        it.rollout().penalisedScore(settings.missingEndPenalty()),
                                        it.completionKl(),
                                        beta);
                    }
                    groups.add(group, rewards, objective.advantages(rewards));
                });
        return groups;
    }

    private void add(List<MeasuredRollout> group, double[] rewards, double[] ofGroup) {
        for (int i = 0; i < ofGroup.length; i++) {
            MeasuredRollout it = group.get(i);
            double[] ofTokens = new double[it.rollout().completion().length];
            Arrays.fill(ofTokens, ofGroup[i]);
            advantages.put(it, ofTokens);
        }
        count++;
        alone += rewards.length == 1 ? 1 : 0;
        double mean = Arrays.stream(rewards).average().orElseThrow();
        double squares = Arrays.stream(rewards).map(r -> (r - mean) * (r - mean)).sum();
        deviations += Math.sqrt(squares / Math.max(1, rewards.length - 1));
        level += squares == 0 ? 1 : 0;
    }

    /// The same at every token, `(tokens)`.
    double[] advantages(MeasuredRollout rollout) {
        return Objects.requireNonNull(advantages.get(rollout), "not of this batch");
    }

    /// `groups/count`, `groups/alone` (of one rollout), `groups/reward_std` (mean over groups) and
    /// `groups/level_frac` (share of groups whose rewards are all the same, which teach nothing).
    Map<String, Double> metrics() {
        return Map.of(
                "groups/count",
                (double) count,
                "groups/alone",
                (double) alone,
                "groups/reward_std",
                deviations / count,
                "groups/level_frac",
                (double) level / count);
    }
}
