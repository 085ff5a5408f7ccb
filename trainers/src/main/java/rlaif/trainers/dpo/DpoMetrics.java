package rlaif.trainers.dpo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rlaif.models.AdamW;
import rlaif.trainers.batching.SkippedUpdates;
import rlaif.trainers.reward.LabelledPair;

/// What one DPO step reports, under the names that TRL's users know; means over its pairs or
/// updates. The chosen completion is the one that the label prefers; a tie has none.
///
/// | metric | is |
/// |---|---|
/// | `loss/policy_avg`, `policy/grad_norm` | over the optimizer updates |
/// | `rewards/chosen`, `rewards/rejected` | implicit reward `beta log pi/pi_ref` before the step |
/// | `rewards/margins`, `rewards/accuracies` | their difference, and the share where it is above 0 |
/// | `logps/chosen`, `logps/rejected` | log-probability of the completion, nats |
/// | `skipped_updates` | optimizer updates left out, since loss or gradient was not finite |
/// | `lr` | learning rate |
final class DpoMetrics {
    private final double beta;
    private double losses;
    private double gradientNorms;
    private int updates;
    private int skipped;
    private int untied;
    private double chosenRewards;
    private double rejectedRewards;
    private double chosenLogprobs;
    private double rejectedLogprobs;
    private int agreed;

    DpoMetrics(double beta) {
        this.beta = beta;
    }

    /// @param ofPolicy log-probabilities of all first completions, then of all second ones
    /// @param ofReference the same of the reference policy
    void saw(List<LabelledPair> pairs, float[] ofPolicy, float[] ofReference) {
        for (int i = 0; i < pairs.size(); i++) {
            double p = pairs.get(i).firstProbability();
            if (p == 0.5) {
                continue;
            }
            int chosen = p > 0.5 ? i : pairs.size() + i;
            int rejected = p > 0.5 ? pairs.size() + i : i;
            double chosenReward = beta * ((double) ofPolicy[chosen] - ofReference[chosen]);
            double rejectedReward = beta * ((double) ofPolicy[rejected] - ofReference[rejected]);
            untied++;
            chosenRewards += chosenReward;
            rejectedRewards += rejectedReward;
            chosenLogprobs += ofPolicy[chosen];
            rejectedLogprobs += ofPolicy[rejected];
            agreed += chosenReward > rejectedReward ? 1 : 0;
        }
    }

    void improved(AdamW.StepResult step) {
        losses += step.loss();
        gradientNorms += step.gradientNorm();
        updates++;
    }

    void skippedUpdate() {
        skipped++;
    }

    Map<String, Double> summary(double learningRate) {
        Map<String, Double> summary = new LinkedHashMap<>();
        summary.put("loss/policy_avg", losses / updates);
        summary.put("policy/grad_norm", gradientNorms / updates);
        summary.put("rewards/chosen", chosenRewards / untied);
        summary.put("rewards/rejected", rejectedRewards / untied);
        summary.put("rewards/margins", (chosenRewards - rejectedRewards) / untied);
        summary.put("rewards/accuracies", (double) agreed / untied);
        summary.put("logps/chosen", chosenLogprobs / untied);
        summary.put("logps/rejected", rejectedLogprobs / untied);
        summary.put(SkippedUpdates.METRIC, (double) skipped);
        summary.put("lr", learningRate);
        return summary;
    }
}
