package rlaif.trainers.ppo;

/// One rollout with everything about it that stays constant during a PPO step.
///
/// @param measured by the policies
/// @param oldValues of the value model at the start of the step, `(tokens)`
/// @param estimates advantages, as they are or whitened over the batch, and returns
// Owned by the step that made them.
@SuppressWarnings("ArrayRecordComponent")
record Experience(MeasuredRollout measured, float[] oldValues, Advantages estimates) {

    /// @param beta coefficient of the KL penalty in this step
    static Experience of(
            MeasuredRollout measured, float[] oldValues, double beta, PpoSettings settings) {
        double[] rewards =
                KlPenalty.rewards(
                        measured.kl(),
                        beta,
                        measured.rollout().penalisedScore(settings.missingEndPenalty()));
        return new Experience(
                measured,
                oldValues,
                Advantages.of(rewards, oldValues, settings.discount(), settings.lambda()));
    }

    /// The same with other advantages.
    Experience withAdvantages(double[] advantages) {
        return new Experience(measured, oldValues, new Advantages(advantages, estimates.returns()));
    }

    TrustRegion trust() {
        return measured.trust();
    }
}
