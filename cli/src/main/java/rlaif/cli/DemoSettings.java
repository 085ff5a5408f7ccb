package rlaif.cli;

import java.nio.file.Path;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.models.SamplingSettings;
import rlaif.worlds.PracticeWorld;
import rlaif.worlds.PromptItem;

/// What the demo is told: a loop that ends with a trained policy of a world with red-team prompts.
///
/// @param roles of the loop, with nothing left to read
/// @param versions the last policy version
/// @param sampling of the policies that are compared
record DemoSettings(
        Configuration configuration,
        PreparedRoles roles,
        long versions,
        PracticeWorld world,
        SamplingSettings sampling) {
    static DemoSettings of(Configuration configuration) {
        TrainerSettings trainers = new TrainerSettings(configuration);
        if (!trainers.trainsPolicy()) {
            throw configuration.wrong(
                    Key.REWARD_MODEL_ENABLED, "true: the demo ends with a trained policy");
        }
        if (trainers.learnsFromLabels()) {
            throw configuration.wrong(
                    Key.TRAIN_ALGORITHM,
                    "ppo, rloo or grpo: the demo measures its reward model; rlaif run has no such need");
        }
        PracticeWorld world = Worlds.named(configuration);
        if (!world.categories().contains(PromptItem.RED_TEAM)) {
            throw configuration.wrong(
                    Key.PROMPTS_WORLD, "nine-rule-chat: the demo measures harmless dialogue");
        }
        long versions =
                trainers.lastVersion()
                        .orElseThrow(() ->
                                configuration.wrong(
                                        Key.PPO_VERSIONS,
                                        "a whole number from 1: the demo ends with a trained policy"));
        return new DemoSettings(
                configuration,
                PreparedRoles.ofLoop(configuration),
                versions,
                world,
                new SamplingSettings(
                        configuration.positive(Key.ROLLOUTS_TEMPERATURE),
                        configuration.whole(Key.ROLLOUTS_MAX_TOKENS, 1)));
    }

    Path data() {
        return ClusterAccess.dataDirectory(configuration);
    }
}
