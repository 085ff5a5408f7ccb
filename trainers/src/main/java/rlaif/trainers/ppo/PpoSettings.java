package rlaif.trainers.ppo;

import rlaif.models.AdamW;

/// What PPO can be told; RLOO and GRPO take what is not about values.
///
/// Sources: PPO = 1707.06347; GAE = 1506.02438; RLAIF = 2309.00267; N+ = 2403.17031; AReaL =
/// 2505.24298.
///
/// @param clipRange epsilon of the policy ratio; default 0.2, above 0 and below 1 (PPO section 3)
/// @param valueClipRange how far a value may move from its old one in a step, in scores; default
///   0.2, above 0 (N+ detail 13)
/// @param kl what a nat away from the reference policy costs; default fixed at 0.1, at which fewer
///   completions are malformed than at RLAIF's 0.05
/// @param klEstimator by which that distance is estimated; default k1
/// @param discount gamma; default 1, in (0, 1] (GAE)
/// @param lambda of the advantage estimate; default 0.95, in [0, 1] (GAE)
/// @param epochs passes over a batch; default 1, at least 1 (4 when synchronous, 1 when
///   asynchronous)
/// @param minibatches optimizer steps a pass; default 2, at least 1
/// @param decoupled whether the clip is around the weights at the start of the step; false: around
///   the behaviour policy, as in PPO itself; default true (AReaL section 5)
/// @param proximalWeightLimit truncation of pi_prox/mu; default 2, at least 1 (AReaL section 5)
/// @param behaviourRatioBound pi_theta/mu is pushed no further than this nor below its inverse;
///   default 3, above 1
/// @param learningRate of the policy; default 5e-4, above 0
/// @param valueLearningRate of the value model; default 1e-3, above 0
/// @param missingEndPenalty taken off the score of a completion that never ended, in scores;
///   default 2, at least 0 (N+ detail 10)
/// @param temperature at which rollouts were sampled, divides every logit; default 1, above 0 (N+
///   detail 7)
public record PpoSettings(
        double clipRange,
        double valueClipRange,
        KlController kl,
        KlEstimator klEstimator,
        double discount,
        double lambda,
        int epochs,
        int minibatches,
        boolean decoupled,
        double proximalWeightLimit,
        double behaviourRatioBound,
        double learningRate,
        double valueLearningRate,
        double missingEndPenalty,
        double temperature) {

    /// The optimizer of policy and value model: epsilon 1e-5 instead of Adam's 1e-8 (N+ detail 2),
    /// no weight decay, global norm at most 1.
    public static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.999, 1e-5, 0, 1);

    public PpoSettings {
        require(clipRange > 0 && clipRange < 1, "clipRange must lie in (0, 1)", clipRange);
        require(valueClipRange > 0, "valueClipRange must be above 0", valueClipRange);
        require(discount > 0 && discount <= 1, "discount must lie in (0, 1]", discount);
        require(lambda >= 0 && lambda <= 1, "lambda must lie in [0, 1]", lambda);
        require(epochs >= 1, "epochs must be at least 1", epochs);
        require(minibatches >= 1, "minibatches must be at least 1", minibatches);
        require(
                proximalWeightLimit >= 1,
                "proximalWeightLimit must be at least 1",
                proximalWeightLimit);
        require(
                behaviourRatioBound > 1,
                "behaviourRatioBound must be above 1",
                behaviourRatioBound);
        require(learningRate > 0, "learningRate must be above 0", learningRate);
        require(valueLearningRate > 0, "valueLearningRate must be above 0", valueLearningRate);
        require(missingEndPenalty >= 0, "missingEndPenalty must be at least 0", missingEndPenalty);
        require(temperature > 0, "temperature must be above 0", temperature);
    }

    public static PpoSettings defaults() {
        return new PpoSettings(
                0.2,
                0.2,
                new KlController.Fixed(0.1),
                KlEstimator.K1,
                1,
                0.95,
                1,
                2,
                true,
                2,
                3,
                5e-4,
                1e-3,
                2,
                1);
    }

    /// The same at another price of divergence and another learning rate of the policy.
    public PpoSettings with(KlController otherKl, double otherLearningRate) {
        return new PpoSettings(
                clipRange,
                valueClipRange,
                otherKl,
                klEstimator,
                discount,
                lambda,
                epochs,
                minibatches,
                decoupled,
                proximalWeightLimit,
                behaviourRatioBound,
                otherLearningRate,
                valueLearningRate,
                missingEndPenalty,
                temperature);
    }

    private static void require(boolean holds, String rule, double value) {
        if (!holds) {
            throw new IllegalArgumentException("ppo.%s, got %s".formatted(rule, value));
        }
    }
}
