package rlaif.cli;

import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.trainers.LearningRateSchedule;

/// How the trainers' learning rates change from step to step, read from the configuration.
record LearningRates(Configuration configuration) {

    LearningRateSchedule ofRewardModel() {
        return schedule(Key.REWARD_MODEL_WARMUP_STEPS, Key.REWARD_MODEL_TOTAL_STEPS);
    }

    /// Of PPO, RLOO and GRPO.
    LearningRateSchedule ofPolicyGradient() {
        return schedule(Key.PPO_WARMUP_STEPS, Key.PPO_TOTAL_STEPS);
    }

    LearningRateSchedule ofDpo() {
        return schedule(Key.DPO_WARMUP_STEPS, Key.DPO_TOTAL_STEPS);
    }

    private LearningRateSchedule schedule(Key warmup, Key total) {
        int warmupSteps = configuration.whole(warmup, 0);
        int totalSteps = configuration.whole(total, 0);
        if (totalSteps == 0) {
            return new LearningRateSchedule.Constant(warmupSteps);
        }
        if (totalSteps <= warmupSteps) {
            throw configuration.wrong(
                    total, "0, or more than " + warmup.key() + " (" + warmupSteps + ")");
        }
        return new LearningRateSchedule.LinearDecay(warmupSteps, totalSteps);
    }
}
