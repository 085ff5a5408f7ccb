package rlaif.cli;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.trainers.LearningRateSchedule;
import rlaif.trainers.PpoTrainer;
import rlaif.trainers.RevisionTrainer;
import rlaif.trainers.RewardModelTrainer;
import rlaif.trainers.SftTrainer;
import rlaif.trainers.dpo.DpoSettings;

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
    double of(Key key) {
        return configuration.given(key).isPresent() ? configuration.positive(key) : usual(key);
    }

    /// What is taken where nothing is said.
    private double usual(Key key) {
        return isOnesOwn() ? ofModelOfOnesOwn(key) : ofWorld(key);
    }

    private double ofWorld(Key key) {
        String policy = configuration.text(Key.POLICY_NAME);
        Map<Key, DoubleSupplier> usual =
                Map.of(
                        Key.SFT_LEARNING_RATE,
                        () -> SftTrainer.Settings.defaults(policy, 0).learningRate(),
                        Key.SL_CAI_LEARNING_RATE,
                        () -> RevisionTrainer.Settings.defaults(policy, 0).learningRate(),
                        Key.REWARD_MODEL_LEARNING_RATE,
                        () -> RewardModelTrainer.Settings.defaults(policy, 0).learningRate(),
                        Key.DPO_LEARNING_RATE,
                        () -> DpoSettings.defaults().learningRate(),
                        Key.PPO_LEARNING_RATE,
                        () -> algorithm().defaults().learningRate(),
                        Key.PPO_VALUE_LEARNING_RATE,
                        () -> algorithm().defaults().valueLearningRate());
        return Objects.requireNonNull(usual.get(key), key.key()).getAsDouble();
    }

    private PpoTrainer.Algorithm algorithm() {
        return new TrainerSettings(configuration).algorithm();
    }

    private boolean isOnesOwn() {
        return !configuration.text(Key.POLICY_MODEL).equals(Worlds.WORLD);
    }

    private double ofModelOfOnesOwn(Key key) {
        double ofEveryWeight =
                key == Key.PPO_LEARNING_RATE && !algorithm().hasCritic()
                        ? WITHOUT_CRITIC
                        : Objects.requireNonNull(OF_A_MODEL_OF_ONES_OWN.get(key), key.key());
        return configuration.whole(Key.LORA_RANK, 0) == 0
                ? ofEveryWeight
                : ofEveryWeight * BY_ADAPTERS;
    }

    /// What the trainers among `roles` take where nothing is said; none where all is said.
    List<String> lines(Collection<String> roles) {
        List<String> taken =
                read(roles).stream()
                        .filter(key -> configuration.given(key).isEmpty())
                        .map(key -> key.key() + " " + written(usual(key)))
                        .toList();
        return taken.isEmpty()
                ? List.of()
                : List.of(
                        "for %s, where nothing else is set: %s"
                                .formatted(
                                        isOnesOwn()
                                                ? "a policy.model of your own"
                                                : "policy.model: world",
                                        String.join(", ", taken)));
    }

    private static String written(double rate) {
        return new DecimalFormat("0.##E0", DecimalFormatSymbols.getInstance(Locale.ROOT))
                .format(rate)
                .toLowerCase(Locale.ROOT);
    }

    /// The learning rates that the trainers among `roles` read.
    private List<Key> read(Collection<String> roles) {
        List<Key> read = new ArrayList<>();
        if (roles.contains(Roles.TRAIN_SFT)) {
            if (!isOnesOwn() || configuration.given(Key.SFT_DEMONSTRATIONS).isPresent()) {
                read.add(Key.SFT_LEARNING_RATE);
            }
            if (configuration.flag(Key.SL_CAI_ENABLED)) {
                read.add(Key.SL_CAI_LEARNING_RATE);
            }
        }
        if (roles.contains(Roles.TRAIN_REWARD_MODEL)) {
            read.add(Key.REWARD_MODEL_LEARNING_RATE);
        }
        if (roles.contains(Roles.TRAIN_DPO)) {
            read.add(Key.DPO_LEARNING_RATE);
        }
        if (roles.contains(Roles.TRAIN_PPO)) {
            read.add(Key.PPO_LEARNING_RATE);
            if (algorithm().hasCritic()) {
                read.add(Key.PPO_VALUE_LEARNING_RATE);
            }
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
