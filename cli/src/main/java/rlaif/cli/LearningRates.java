package rlaif.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.trainers.LearningRateSchedule;

/// The trainers' learning rates and how they change from step to step, read from the configuration.
///
/// What is not said there is a rate for small models from random weights, as the practice world's,
/// or, where the policy is a model from elsewhere, one that leaves it what it has learned.
record LearningRates(Configuration configuration) {
    /// For every weight of a model from elsewhere: those of TRL's examples, and of the value model
    /// OpenRLHF's.
    private static final Map<Key, Double> OF_A_MODEL_OF_ONES_OWN =
            Map.of(
                    Key.SFT_LEARNING_RATE, 2e-5,
                    Key.SL_CAI_LEARNING_RATE, 1e-5,
                    Key.REWARD_MODEL_LEARNING_RATE, 1e-5,
                    Key.DPO_LEARNING_RATE, 5e-7,
                    Key.PPO_LEARNING_RATE, 3e-6,
                    Key.PPO_VALUE_LEARNING_RATE, 9e-6);

    /// In place of PPO's, as TRL's RLOO and GRPO trainers have it.
    private static final double WITHOUT_CRITIC = 1e-6;

    /// By how much more adapters are moved than every weight would be, in the same examples.
    private static final double BY_ADAPTERS = 10;

    /// The learning rate under `key`.
    ///
    /// @param ofWorld what it is in the practice world where nothing is said
    double of(Key key, double ofWorld) {
        if (configuration.given(key).isPresent()) {
            return configuration.positive(key);
        }
        return isOnesOwn() ? ofModelOfOnesOwn(key) : ofWorld;
    }

    private boolean isOnesOwn() {
        return !configuration.text(Key.POLICY_MODEL).equals(Worlds.WORLD);
    }

    private double ofModelOfOnesOwn(Key key) {
        double ofEveryWeight =
                key == Key.PPO_LEARNING_RATE
                                && !new TrainerSettings(configuration).algorithm().hasCritic()
                        ? WITHOUT_CRITIC
                        : Objects.requireNonNull(OF_A_MODEL_OF_ONES_OWN.get(key), key.key());
        return configuration.whole(Key.LORA_RANK, 0) == 0
                ? ofEveryWeight
                : ofEveryWeight * BY_ADAPTERS;
    }

    /// What is taken for a model from elsewhere where nothing is said; none where all is said.
    List<String> lines() {
        if (!isOnesOwn()) {
            return List.of();
        }
        List<String> taken =
                read().stream()
                        .filter(key -> configuration.given(key).isEmpty())
                        .map(key ->
                                String.format(
                                        Locale.ROOT, "%s %.0e", key.key(), ofModelOfOnesOwn(key)))
                        .toList();
        return taken.isEmpty()
                ? List.of()
                : List.of(
                        "for a policy.model of your own, where nothing else is set: "
                                + String.join(", ", taken));
    }

    /// The learning rates that the configured trainers read.
    private List<Key> read() {
        TrainerSettings trainers = new TrainerSettings(configuration);
        List<Key> read = new ArrayList<>();
        if (configuration.given(Key.SFT_DEMONSTRATIONS).isPresent()) {
            read.add(Key.SFT_LEARNING_RATE);
        }
        if (configuration.flag(Key.SL_CAI_ENABLED)) {
            read.add(Key.SL_CAI_LEARNING_RATE);
        }
        if (!trainers.trainsPolicy()) {
            return read;
        }
        if (trainers.learnsFromLabels()) {
            read.add(Key.DPO_LEARNING_RATE);
            return read;
        }
        if (!trainers.scoresDirectly()) {
            read.add(Key.REWARD_MODEL_LEARNING_RATE);
        }
        read.add(Key.PPO_LEARNING_RATE);
        if (trainers.algorithm().hasCritic()) {
            read.add(Key.PPO_VALUE_LEARNING_RATE);
        }
        return read;
    }

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
