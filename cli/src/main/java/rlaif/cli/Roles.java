package rlaif.cli;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;

/// The names of the roles, and which of them a configured loop needs.
final class Roles {
    static final String PROMPTS = "prompts";
    static final String ROLLOUTS = "rollouts";
    static final String REVISE = "revise";
    static final String JUDGE = "judge";
    static final String PEOPLE = "people";
    static final String LABEL_STATS = "label-stats";
    static final String SCORE = "score";
    static final String TRAIN_SFT = "train-sft";
    static final String TRAIN_REWARD_MODEL = "train-reward-model";

    /// PPO, RLOO or GRPO.
    static final String TRAIN_PPO = "train-ppo";

    static final String TRAIN_DPO = "train-dpo";
    static final List<String> ALL =
            List.of(
                    PROMPTS,
                    ROLLOUTS,
                    REVISE,
                    JUDGE,
                    PEOPLE,
                    LABEL_STATS,
                    SCORE,
                    TRAIN_SFT,
                    TRAIN_REWARD_MODEL,
                    TRAIN_PPO,
                    TRAIN_DPO);

    private Roles() {}

    /// The roles of the whole loop as it is configured.
    static List<String> ofLoop(Configuration configuration) {
        Set<String> left = new HashSet<>();
        if (!configuration.flag(Key.SL_CAI_ENABLED)) {
            left.add(REVISE);
        }
        if (!new LabelSettings(configuration).simulatesPeople()) {
            left.add(PEOPLE);
        }
        if (!configuration.flag(Key.LABEL_STATS_ENABLED)) {
            left.add(LABEL_STATS);
        }
        TrainerSettings trainers = new TrainerSettings(configuration);
        left.add(trainers.learnsFromLabels() ? TRAIN_PPO : TRAIN_DPO);
        if (trainers.learnsFromLabels()) {
            left.addAll(Set.of(SCORE, TRAIN_REWARD_MODEL)); // nothing reads scores
        } else if (trainers.scoresDirectly()) {
            left.addAll(
                    Set.of(JUDGE, PEOPLE, LABEL_STATS, TRAIN_REWARD_MODEL)); // nothing reads labels
        } else if (!configuration.flag(Key.REWARD_MODEL_ENABLED)) {
            left.addAll(Set.of(SCORE, TRAIN_REWARD_MODEL, TRAIN_PPO));
        }
        return ALL.stream().filter(role -> !left.contains(role)).toList();
    }

    /// The same of one setting, which is named.
    static <T> T checked(Key key, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException refused) {
            throw new ConfigurationException(key.key() + ": " + refused.getMessage());
        }
    }

    /// What a worker refuses in its settings is the configuration's fault.
    static <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException refused) {
            throw new ConfigurationException(String.valueOf(refused.getMessage()));
        }
    }
}
