package rlaif.trainers.ppo;

/// How the KL divergence from the reference policy is estimated at a sampled token (Schulman,
/// "Approximating KL divergence", 2020).
///
/// With `d = log mu(y_t | x, y_<t) - log pi_ref(y_t | x, y_<t)` and `y_t` drawn from the behaviour
/// policy `mu`; hence the behaviour policy's logprobs and not the current policy's, under which the
/// same difference on stale tokens is biased (its mean can even fall below zero). In nats.
public enum KlEstimator {
    /// `d`: unbiased, of either sign.
    K1 {
        @Override
        double of(double d) {
            return d;
        }
    },
    /// `d^2 / 2`: biased, never negative, and its gradient is that of the divergence.
    K2 {
        @Override
        double of(double d) {
            return d * d / 2;
        }
    },
    /// `exp(-d) - 1 + d`: unbiased and never negative, since `exp(-d) - 1` has mean 0 under `mu`.
    K3 {
        @Override
        double of(double d) {
            return Math.expm1(-d) + d;
        }
    };

    abstract double of(double d);

    /// The estimate at every completion token.
    public double[] perToken(float[] behaviourLogprobs, float[] referenceLogprobs) {
        double[] estimates = new double[behaviourLogprobs.length];
        for (int t = 0; t < estimates.length; t++) {
            estimates[t] = of((double) behaviourLogprobs[t] - referenceLogprobs[t]);
        }
        return estimates;
    }
}
