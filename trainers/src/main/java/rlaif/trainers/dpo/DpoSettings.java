package rlaif.trainers.dpo;

import rlaif.models.AdamW;

/// What DPO can be told.
///
/// @param objective default DPO at beta 0.1
/// @param minibatches optimizer updates a step; default 2, at least 1
/// @param learningRate of the policy; default 5e-4, above 0
/// @param temperature at which rollouts were sampled, divides every logit; default 1, above 0
public record DpoSettings(
        DirectObjective objective, int minibatches, double learningRate, double temperature) {
    /// The optimizer of the policy: that of PPO's policy.
    public static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.999, 1e-5, 0, 1);

    public DpoSettings {
        require(minibatches >= 1, "minibatches must be at least 1", minibatches);
        require(learningRate > 0, "learningRate must be above 0", learningRate);
        require(temperature > 0, "temperature must be above 0", temperature);
    }

    public static DpoSettings defaults() {
        return new DpoSettings(new Dpo(0.1), 2, 5e-4, 1);
    }

    private static void require(boolean holds, String rule, double value) {
        if (!holds) {
            throw new IllegalArgumentException("dpo: %s, got %s".formatted(rule, value));
        }
    }
}
