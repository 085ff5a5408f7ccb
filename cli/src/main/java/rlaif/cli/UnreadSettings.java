package rlaif.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;

/// The trainers' settings that somebody has chosen and that no trainer reads beside the others: one
/// file may serve several algorithms, as long as it is said what one run makes of it.
record UnreadSettings(Configuration configuration) {
    private static final String DPO = "dpo.";
    private static final String PPO = "ppo.";
    private static final String REWARD_MODEL = "rewardModel.";
    private static final Set<Key> OF_THE_VALUE_MODEL =
            Set.of(Key.PPO_VALUE_LEARNING_RATE, Key.PPO_VALUE_CLIP_RANGE, Key.PPO_LAMBDA);

    /// One line for each setting that decides it; none where everything chosen is read.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (!configuration.text(Key.POLICY_MODEL).equals(Worlds.WORLD)
                && configuration.given(Key.SFT_DEMONSTRATIONS).isEmpty()) {
            add(
                    Key.SFT_DEMONSTRATIONS,
                    key -> isBelow("sft.", key) && key != Key.SFT_DEMONSTRATIONS,
                    lines);
        }
        if (!configuration.flag(Key.SL_CAI_ENABLED)) {
            add(
                    Key.SL_CAI_ENABLED,
                    key -> isBelow("slCai.", key) && key != Key.SL_CAI_ENABLED,
                    lines);
        }
        addOfPolicy(lines);
        if (configuration.whole(Key.LORA_RANK, 0) == 0) {
            add(Key.LORA_RANK, Set.of(Key.LORA_ALPHA, Key.LORA_TARGETS)::contains, lines);
        }
        if (configuration.whole(Key.RETENTION_KEEP_BEST, 0) == 0) {
            add(Key.RETENTION_KEEP_BEST, Key.RETENTION_METRIC::equals, lines);
        }
        return lines;
    }

    private void addOfPolicy(List<String> lines) {
        TrainerSettings trainers = new TrainerSettings(configuration);
        if (trainers.learnsFromLabels()) {
            add(
                    Key.TRAIN_ALGORITHM,
                    key ->
                            (isBelow(PPO, key) && key != Key.PPO_VERSIONS)
                                    || isBelow(REWARD_MODEL, key),
                    lines);
            return;
        }
        if (!trainers.trainsPolicy()) {
            add(
                    Key.REWARD_MODEL_ENABLED,
                    key ->
                            key == Key.TRAIN_ALGORITHM
                                    || isBelow(PPO, key)
                                    || isBelow(DPO, key)
                                    || (isBelow(REWARD_MODEL, key)
                                            && key != Key.REWARD_MODEL_ENABLED),
                    lines);
            return;
        }
        boolean hasCritic = trainers.algorithm().hasCritic();
        add(
                Key.TRAIN_ALGORITHM,
                key -> isBelow(DPO, key) || (OF_THE_VALUE_MODEL.contains(key) && !hasCritic),
                lines);
        if (configuration.text(Key.PPO_KL_CONTROLLER).equals("fixed")) {
            add(
                    Key.PPO_KL_CONTROLLER,
                    Set.of(Key.PPO_KL_TARGET, Key.PPO_KL_HORIZON)::contains,
                    lines);
        }
        if (trainers.scoresDirectly()) {
            add(Key.SCORE_BY, key -> isBelow(REWARD_MODEL, key), lines);
        }
    }

    private void add(Key decisive, Predicate<Key> unread, List<String> lines) {
        List<String> chosen =
                Arrays.stream(Key.values())
                        .filter(unread)
                        .filter(configuration::isChosen)
                        .map(Key::key)
                        .toList();
        if (!chosen.isEmpty()) {
            lines.add(
                    "%s: %s does not read %s"
                            .formatted(
                                    decisive.key(),
                                    configuration.given(decisive).orElse("(empty)"),
                                    String.join(", ", chosen)));
        }
    }

    private static boolean isBelow(String section, Key key) {
        return key.key().startsWith(section);
    }
}
