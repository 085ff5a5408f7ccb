package rlaif.trainers.ppo;

/// Per token, how much a step may trust a sample and how far it may move its probability: constants
/// of one step.
///
/// With behaviour policy `mu` (which sampled), proximal policy `pi_prox` (the weights at the start
/// of the step) and `v = pi_prox / mu`: the weight is `w = min(v, limit)` (AReaL 2505.24298,
/// equation 5, truncated so that no single token rules a batch), and the ratio `u = pi_theta /
/// pi_prox` is clipped to `[max(1 - eps, 1/(bound v)), min(1 + eps, bound/v)]`. The first term of
/// each is PPO's clip; it moves along with the policy, step after step, and does not bound the
/// distance from the sampler. The second does: it says `1/bound <= pi_theta / mu <= bound`, since
/// `pi_theta / mu = u v`.
///
/// @param weights `w`, `(tokens)`, in [0, limit]
/// @param lower end of the clip of `u` where the advantage is negative, `(tokens)`
/// @param upper end of the clip of `u` where the advantage is positive, `(tokens)`
// Owned by the step that made them.
@SuppressWarnings("ArrayRecordComponent")
public record TrustRegion(double[] weights, double[] lower, double[] upper) {

    public static TrustRegion of(
            float[] proximalLogprobs, float[] behaviourLogprobs, PpoSettings settings) {
        int tokens = proximalLogprobs.length;
        TrustRegion region =
                new TrustRegion(new double[tokens], new double[tokens], new double[tokens]);
        for (int t = 0; t < tokens; t++) {
            double v = Math.exp((double) proximalLogprobs[t] - behaviourLogprobs[t]);
            double bound = settings.behaviourRatioBound();
            region.weights[t] = Math.min(v, settings.proximalWeightLimit());
            region.lower[t] = Math.max(1 - settings.clipRange(), 1 / (bound * v));
            region.upper[t] = Math.min(1 + settings.clipRange(), bound / v);
        }
        return region;
    }
}
