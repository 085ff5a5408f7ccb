package rlaif.trainers.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/// Group relative policy optimisation (Shao et al., DeepSeekMath, 2402.03300, section 4.1).
///
/// The advantage of every token of `y_i` is its score among those of the group of `G` (section
/// 4.1.2): `A_i = (r_i - mean(r)) / (std(r) + 1e-4)`, the deviation with Bessel's correction, as in
/// TRL. The divergence stands in the loss and not in the reward (equation 3 and 4):
///
/// `J = 1/G sum_i 1/|y_i| sum_t { surrogate_it - beta D_it }`, `D_it = pi_ref/pi_theta - log
/// pi_ref/pi_theta - 1`
///
/// so that its gradient acts at the current policy's tokens; on stale tokens it is weighted by the
/// same truncated `pi_prox/mu` as the surrogate, which is 1 on fresh ones.
public record Grpo() implements GroupObjective {
    private static final double DEVIATION_FLOOR = 1e-4;

    @Override
    public double reward(double score, double kl, double beta) {
        return score;
    }

    @Override
    public double[] advantages(double[] rewards) {
        int g = rewards.length;
        double[] advantages = new double[g];
        if (g < 2) {
            return advantages;
        }
        double mean = 0;
        for (double reward : rewards) {
            mean += reward / g;
        }
        double squares = 0;
        for (double reward : rewards) {
            squares += (reward - mean) * (reward - mean);
        }
        double deviation = Math.sqrt(squares / (g - 1));
        for (int i = 0; i < g; i++) {
            advantages[i] = (rewards[i] - mean) / (deviation + DEVIATION_FLOOR);
        }
        return advantages;
    }

    @Override
    public double tokenWeight(int completions, int tokens) {
        return 1.0 / ((double) completions * tokens);
    }

    @Override
    public NDArray penalty(
            NDManager step,
            NDArray policyLogprobs,
            NDArray referenceLogprobs,
            NDArray completionMask,
            double beta) {
        NDArray above = referenceLogprobs.sub(policyLogprobs).mul(completionMask); // (batch,time-1)
        NDArray divergence = above.exp().sub(above).sub(above.onesLike());
        return divergence.mul(step.full(new Shape(1), (float) beta)); // (batch,time-1)
    }
}
