package rlaif.trainers.ppo;

/// One rollout with everything about it that stays constant during a PPO step.
///
/// @param rollout as it came from the stream
/// @param proximalLogprobs log pi_prox of its completion tokens, `(tokens)`, as all below
/// @param proximalEntropies of the proximal policy where each token was drawn, nats
/// @param oldValues of the value model at the start of the step
/// @param k1 estimate of the KL from the reference policy, nats
/// @param estimates advantages, as they are or whitened over the batch, and returns
/// @param trust weights and clip intervals
// Owned by the step that made them.
@SuppressWarnings("ArrayRecordComponent")
record Experience(
        ScoredSequence rollout,
        float[] proximalLogprobs,
        float[] proximalEntropies,
        float[] oldValues,
        double[] k1,
        Advantages estimates,
        TrustRegion trust) {

    static Experience of(
            ScoredSequence rollout,
            float[] proximalLogprobs,
            float[] proximalEntropies,
            float[] referenceLogprobs,
            float[] oldValues,
            PpoSettings settings) {
        double[] k1 = KlPenalty.k1(rollout.behaviourLogprobs(), referenceLogprobs);
        double[] rewards =
                KlPenalty.rewards(k1, settings.klCoefficient(), penalisedScore(rollout, settings));
        return new Experience(
                rollout,
                proximalLogprobs,
                proximalEntropies,
                oldValues,
                k1,
                Advantages.of(rewards, oldValues, settings.discount(), settings.lambda()),
                TrustRegion.of(proximalLogprobs, rollout.behaviourLogprobs(), settings));
    }

    /// The same with other advantages.
    Experience withAdvantages(double[] advantages) {
        return new Experience(
                rollout,
                proximalLogprobs,
                proximalEntropies,
                oldValues,
                k1,
                new Advantages(advantages, estimates.returns()),
                trust);
    }

    /// The score, less the penalty of a completion that never ended (N+, Huang et al. 2403.17031,
    /// detail 10): without it nothing draws the policy towards ending.
    static double penalisedScore(ScoredSequence rollout, PpoSettings settings) {
        return rollout.ended() ? rollout.score() : rollout.score() - settings.missingEndPenalty();
    }
}
