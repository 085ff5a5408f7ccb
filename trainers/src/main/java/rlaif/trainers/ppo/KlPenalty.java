package rlaif.trainers.ppo;

/// The per-token rewards of a completion: its score, less what it costs to stray from the reference
/// policy.
public final class KlPenalty {
    private KlPenalty() {}

    /// `r_t = -beta kl_t`, the score added at the last token: a completion is judged whole.
    ///
    /// @param kl estimate at every token ({@link KlEstimator}), nats
    public static double[] rewards(double[] kl, double beta, double score) {
        double[] rewards = new double[kl.length];
        for (int t = 0; t < rewards.length; t++) {
            rewards[t] = -beta * kl[t];
        }
        rewards[rewards.length - 1] += score;
        return rewards;
    }
}
