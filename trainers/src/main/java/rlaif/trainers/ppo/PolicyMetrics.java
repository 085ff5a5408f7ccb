package rlaif.trainers.ppo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rlaif.models.AdamW;
import rlaif.trainers.batching.SkippedUpdates;

/// What one step of a policy gradient reports, under the names that TRL's users know. Means over
/// the batch unless another is named.
///
/// | metric | is |
/// |---|---|
/// | `objective/kl` | estimated KL summed over a completion: nats from the reference policy to the sampler |
/// | `objective/kl_coef` | beta of this step |
/// | `objective/entropy` | of the proximal policy, summed over a completion, nats |
/// | `objective/scores` | normalised scores, the missing-end penalty taken off |
/// | `objective/non_score_reward` | `-beta` KL, summed over a completion |
/// | `objective/rlhf_reward` | the two together |
/// | `policy/approxkl_avg` | `1/2 (log pi_theta - log pi_prox)^2` a token |
/// | `policy/clipfrac_avg` | share of tokens whose gradient the clip or the bound took away |
/// | `policy/entropy_avg` | of the proximal policy, nats a token |
/// | `loss/policy_avg` | over the optimizer updates |
/// | `val/ratio`, `val/ratio_var` | `pi_theta / pi_prox` a token, mean and variance |
/// | `val/num_eos_tokens` | completions of the batch that ended |
/// | `lag/behaviour_gap` | abs(log pi_prox - log mu) a token: 0 but for rounding when nothing is stale |
/// | `lag/behaviour_gap_max` | its largest value |
/// | `lag/truncated_frac` | share of tokens whose weight pi_prox/mu was truncated |
/// | `policy/grad_norm` | before clipping |
/// | `skipped_updates` | optimizer updates left out, since loss or gradient was not finite |
/// | `lr` | learning rate of the policy |
public final class PolicyMetrics {
    private final Map<String, Mean> means = new LinkedHashMap<>();
    private final PpoSettings settings;
    private final double beta;
    private double largestGap;
    private double ended;
    private int skipped;

    /// @param beta coefficient of the KL penalty in this step
    public PolicyMetrics(PpoSettings settings, double beta, List<MeasuredRollout> batch) {
        this.settings = settings;
        this.beta = beta;
        batch.forEach(this::saw);
    }

    private void saw(MeasuredRollout measured) {
        double kl = measured.completionKl();
        double score = measured.rollout().penalisedScore(settings.missingEndPenalty());
        mean("objective/kl").add(kl);
        mean("objective/scores").add(score);
        mean("objective/non_score_reward").add(-beta * kl);
        mean("objective/rlhf_reward").add(score - beta * kl);
        double entropy = 0;
        for (int t = 0; t < measured.kl().length; t++) {
            entropy += measured.proximalEntropies()[t];
            mean("policy/entropy_avg").add(measured.proximalEntropies()[t]);
            sawToken(measured, t);
        }
        mean("objective/entropy").add(entropy);
        ended += measured.rollout().ended() ? 1 : 0;
    }

    private void sawToken(MeasuredRollout measured, int t) {
        double gap =
                (double) measured.proximalLogprobs()[t] - measured.rollout().behaviourLogprobs()[t];
        mean("lag/behaviour_gap").add(Math.abs(gap));
        mean("lag/truncated_frac").add(Math.exp(gap) > settings.proximalWeightLimit() ? 1 : 0);
        largestGap = Math.max(largestGap, Math.abs(gap));
    }

    /// Reads the ratios of one rollout's tokens in an update under way.
    public void sawRatios(float[] ratios, double[] advantages, TrustRegion trust) {
        for (int t = 0; t < advantages.length; t++) {
            double ratio = ratios[t];
            boolean clipped =
                    advantages[t] > 0 ? ratio > trust.upper()[t] : ratio < trust.lower()[t];
            mean("val/ratio").add(ratio);
            mean("policy/approxkl_avg").add(0.5 * Math.pow(Math.log(ratio), 2));
            mean("policy/clipfrac_avg").add(clipped ? 1 : 0);
        }
    }

    /// An update of the policy was made.
    public void improvedPolicy(AdamW.StepResult step) {
        mean("loss/policy_avg").add(step.loss());
        mean("policy/grad_norm").add(step.gradientNorm());
    }

    /// An update was left out.
    public void skippedUpdate() {
        skipped++;
    }

    /// The mean KL of a completion, nats.
    public double kl() {
        return mean("objective/kl").value();
    }

    /// All of them.
    public Map<String, Double> summary(double learningRate) {
        Map<String, Double> summary = new LinkedHashMap<>();
        means.forEach((name, mean) -> summary.put(name, mean.value()));
        summary.put("objective/kl_coef", beta);
        summary.put("val/ratio_var", mean("val/ratio").variance());
        summary.put("val/num_eos_tokens", ended);
        summary.put("lag/behaviour_gap_max", largestGap);
        summary.put(SkippedUpdates.METRIC, (double) skipped);
        summary.put("lr", learningRate);
        return summary;
    }

    private Mean mean(String name) {
        return means.computeIfAbsent(name, _ -> new Mean());
    }
}
