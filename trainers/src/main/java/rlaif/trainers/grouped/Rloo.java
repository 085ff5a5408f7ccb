package rlaif.trainers.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/// REINFORCE leave-one-out (Ahmadian et al. 2402.14740, section 2.3; Kool et al. 2019).
///
/// A completion is one action. It earns `R(x, y) = r(x, y) - beta log mu(y|x) / pi_ref(y|x)` (the
/// paper's equation 2), and its baseline is what the `k - 1` others of its group earn:
///
/// `1/k sum_i [ R(x, y_i) - 1/(k-1) sum_{j != i} R(x, y_j) ] grad log pi(y_i|x)`
///
/// The baseline is independent of `y_i`, hence the gradient is unbiased. `log pi(y|x)` is the sum
/// over the tokens of `y`: tokens are summed and completions averaged, and at `pi_theta = mu` the
/// surrogate's gradient is exactly the one above.
public record Rloo() implements GroupObjective {
    @Override
    public double reward(double score, double kl, double beta) {
        return score - beta * kl;
    }

    @Override
    public double[] advantages(double[] rewards) {
        int k = rewards.length;
        double[] advantages = new double[k];
        if (k < 2) {
            return advantages;
        }
        double sum = 0;
        for (double reward : rewards) {
            sum += reward;
        }
        for (int i = 0; i < k; i++) {
            advantages[i] = rewards[i] - (sum - rewards[i]) / (k - 1);
        }
        return advantages;
    }

    @Override
    public double tokenWeight(int completions, int tokens) {
        return 1.0 / completions;
    }

    /// Nothing: the divergence is part of the reward.
    @Override
    public NDArray penalty(
            NDManager step,
            NDArray policyLogprobs,
            NDArray referenceLogprobs,
            NDArray completionMask,
            double beta) {
        return completionMask.zerosLike();
    }
}
