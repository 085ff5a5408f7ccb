package rlaif.trainers.ppo;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rlaif.models.AdamW;

/// What one PPO step reports, under the names that TRL's users know. Means over the batch unless
/// another is named.
///
/// | metric | is |
/// |---|---|
/// | `objective/kl` | k1 summed over a completion: nats from the reference policy to the sampler |
/// | `objective/entropy` | of the proximal policy, summed over a completion, nats |
/// | `objective/scores` | normalised scores, the missing-end penalty taken off |
/// | `objective/non_score_reward` | `-beta` KL, summed over a completion |
/// | `objective/rlhf_reward` | the two together |
/// | `policy/approxkl_avg` | `1/2 (log pi_theta - log pi_prox)^2` a token |
/// | `policy/clipfrac_avg` | share of tokens whose gradient the clip or the bound took away |
/// | `policy/entropy_avg` | of the proximal policy, nats a token |
/// | `loss/policy_avg`, `loss/value_avg` | over the optimizer updates |
/// | `val/ratio`, `val/ratio_var` | `pi_theta / pi_prox` a token, mean and variance |
/// | `val/explained_variance` | 1 - var(return - old value) / var(return) |
/// | `val/num_eos_tokens` | completions of the batch that ended |
/// | `lag/behaviour_gap` | abs(log pi_prox - log mu) a token: 0 but for rounding when nothing is stale |
/// | `lag/behaviour_gap_max` | its largest value |
/// | `lag/truncated_frac` | share of tokens whose weight pi_prox/mu was truncated |
/// | `policy/grad_norm`, `value/grad_norm` | before clipping |
/// | `lr` | learning rate of the policy |
final class PpoMetrics {
    private final Map<String, Mean> means = new LinkedHashMap<>();
    private final PpoSettings settings;
    private double largestGap;
    private double ended;

    PpoMetrics(PpoSettings settings, List<PpoMinibatch> minibatches) {
        this.settings = settings;
        minibatches.forEach(minibatch -> minibatch.experiences().forEach(this::saw));
    }

    private void saw(Experience experience) {
        double kl = sum(experience.k1());
        double score = Experience.penalisedScore(experience.rollout(), settings);
        mean("objective/kl").add(kl);
        mean("objective/scores").add(score);
        mean("objective/non_score_reward").add(-settings.klCoefficient() * kl);
        mean("objective/rlhf_reward").add(score - settings.klCoefficient() * kl);
        double entropy = 0;
        for (int t = 0; t < experience.k1().length; t++) {
            entropy += experience.proximalEntropies()[t];
            mean("policy/entropy_avg").add(experience.proximalEntropies()[t]);
            sawToken(experience, t);
        }
        mean("objective/entropy").add(entropy);
        ended += experience.rollout().ended() ? 1 : 0;
    }

    private void sawToken(Experience experience, int t) {
        double gap =
                (double) experience.proximalLogprobs()[t]
                        - experience.rollout().behaviourLogprobs()[t];
        double target = experience.estimates().returns()[t];
        mean("lag/behaviour_gap").add(Math.abs(gap));
        mean("lag/truncated_frac").add(Math.exp(gap) > settings.proximalWeightLimit() ? 1 : 0);
        largestGap = Math.max(largestGap, Math.abs(gap));
        mean("return").add(target);
        mean("value error").add(target - experience.oldValues()[t]);
    }

    /// Reads the ratios of an update under way.
    void sawRatios(PpoMinibatch minibatch, NDArray ratios) {
        List<float[]> rows = new CompletionGrid(minibatch.sequences()).rows(ratios);
        for (int i = 0; i < rows.size(); i++) {
            Experience experience = minibatch.experiences().get(i);
            double[] advantages = experience.estimates().advantages();
            for (int t = 0; t < advantages.length; t++) {
                double ratio = rows.get(i)[t];
                boolean clipped =
                        advantages[t] > 0
                                ? ratio > experience.trust().upper()[t]
                                : ratio < experience.trust().lower()[t];
                mean("val/ratio").add(ratio);
                mean("policy/approxkl_avg").add(0.5 * Math.pow(Math.log(ratio), 2));
                mean("policy/clipfrac_avg").add(clipped ? 1 : 0);
            }
        }
    }

    void improvedPolicy(AdamW.StepResult step) {
        mean("loss/policy_avg").add(step.loss());
        mean("policy/grad_norm").add(step.gradientNorm());
    }

    void improvedValues(AdamW.StepResult step) {
        mean("loss/value_avg").add(step.loss());
        mean("value/grad_norm").add(step.gradientNorm());
    }

    Map<String, Double> summary(double learningRate) {
        Map<String, Double> summary = new LinkedHashMap<>();
        means.forEach((name, mean) -> summary.put(name, mean.value()));
        Mean returns = mean("return");
        Mean errors = mean("value error");
        summary.remove("return");
        summary.remove("value error");
        summary.put("val/ratio_var", mean("val/ratio").variance());
        summary.put("val/explained_variance", 1 - errors.variance() / returns.variance());
        summary.put("val/num_eos_tokens", ended);
        summary.put("lag/behaviour_gap_max", largestGap);
        summary.put("lr", learningRate);
        return summary;
    }

    private Mean mean(String name) {
        return means.computeIfAbsent(name, _ -> new Mean());
    }

    private static double sum(double[] row) {
        double sum = 0;
        for (double x : row) {
            sum += x;
        }
        return sum;
    }

    /// A running mean with its population variance.
    private static final class Mean {
        private long count;
        private double value;
        private double squares;

        void add(double x) {
            count++;
            double before = x - value;
            value += before / count;
            squares += before * (x - value);
        }

        double value() {
            return value;
        }

        double variance() {
            return squares / count;
        }
    }
}
