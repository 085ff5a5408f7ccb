package rlaif.trainers.ppo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;

/// The decoupled clipped surrogate: PPO's objective for tokens that an older policy sampled.
///
/// PPO (1707.06347, equation 7) maximises `min(r A, clip(r, 1-eps, 1+eps) A)` with `r = pi_theta /
/// pi_old`, where one policy is both the sampler and the centre of the trust region. AReaL
/// (2505.24298, equation 5) parts the two:
///
/// `J = E_mu [ w min(u A, clip(u, lower, upper) A) ]`, `u = pi_theta / pi_prox`,
///
/// with `w`, `lower` and `upper` from {@link TrustRegion}. The minimum takes the gradient away
/// where a token gains beyond `upper` (`A > 0`) or loses beyond `lower` (`A < 0`), so that it reads
/// here `w (A+ min(u, upper) + A- max(u, lower))`, `A+` and `A-` being the positive and negative
/// part of `A`. The loss is `-J`, the mean over completion tokens.
public final class PolicyLoss {
    private PolicyLoss() {}

    /// `u` of every token, 1 outside completions.
    public static NDArray ratios(
            NDArray policyLogprobs,
            NDArray proximalLogprobs,
            NDArray completionMask) { // (batch,time-1)
        return policyLogprobs.sub(proximalLogprobs).mul(completionMask).exp(); // (batch,time-1)
    }

    /// The scalar loss; gradients flow through `ratios` alone.
    static NDArray of(
            NDArray ratios, // (batch,time-1), as all others
            NDArray positiveAdvantages, // w A+
            NDArray negativeAdvantages, // w A-
            NDArray lower,
            NDArray upper,
            NDArray completionMask) {
        NDArray surrogate = surrogate(ratios, positiveAdvantages, negativeAdvantages, lower, upper);
        return MaskedMean.of(surrogate, completionMask).neg(); // ()
    }

    /// `w (A+ min(u, upper) + A- max(u, lower))` of every token.
    public static NDArray surrogate(
            NDArray ratios, // (batch,time-1), as all others
            NDArray positiveAdvantages,
            NDArray negativeAdvantages,
            NDArray lower,
            NDArray upper) {
        NDArray gains = NDArrays.minimum(ratios, upper).mul(positiveAdvantages);
        NDArray losses = NDArrays.maximum(ratios, lower).mul(negativeAdvantages);
        return gains.add(losses);
    }

    /// `w A+` for sign 1, `w A-` for sign -1: the advantages of that sign, weighted, zero
    /// elsewhere.
    public static double[] weighted(TrustRegion trust, double[] advantages, int sign) {
        double[] part = new double[advantages.length];
        for (int t = 0; t < part.length; t++) {
            double signed = sign > 0 ? Math.max(advantages[t], 0) : Math.min(advantages[t], 0);
            part[t] = trust.weights()[t] * signed; // NaN stays NaN
        }
        return part;
    }
}
