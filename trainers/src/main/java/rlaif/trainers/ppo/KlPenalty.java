package rlaif.trainers.ppo;

/// How far the sampler has moved from the reference policy, per sampled token, by the estimator k1.
///
/// `k1_t = log mu(y_t | x, y_<t) - log pi_ref(y_t | x, y_<t)`: unbiased when `y` was drawn from
/// `mu`, hence the behaviour policy's logprobs and not the current policy's, under which the same
/// difference on stale tokens is biased (it can even average below zero). In nats; the mean over
/// samples is the KL divergence from reference to behaviour policy.
public final class KlPenalty {
    private KlPenalty() {}

    /// k1 of every completion token.
    public static double[] k1(float[] behaviourLogprobs, float[] referenceLogprobs) {
        double[] k1 = new double[behaviourLogprobs.length];
        for (int t = 0; t < k1.length; t++) {
            k1[t] = (double) behaviourLogprobs[t] - referenceLogprobs[t];
        }
        return k1;
    }

    /// Per-token rewards `r_t = -beta k1_t`, the score added at the last token: a completion is
    /// judged whole.
    public static double[] rewards(double[] k1, double beta, double score) {
        double[] rewards = new double[k1.length];
        for (int t = 0; t < rewards.length; t++) {
            rewards[t] = -beta * k1[t];
        }
        rewards[rewards.length - 1] += score;
        return rewards;
    }
}
