package rlaif.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.processors.JudgeStage;
import rlaif.producers.PauseOn;
import rlaif.topics.Connection;
import rlaif.topics.Topic;
import rlaif.trainers.PauseLimit;

/// What rollout workers wait for: as configured, else with room for what each consumer takes at
/// once.
final class RolloutPauses {
    private static final Set<String> PAUSABLE =
            Set.of(
                    Roles.JUDGE,
                    Roles.REVISE,
                    Roles.SCORE,
                    Roles.TRAIN_REWARD_MODEL,
                    Roles.TRAIN_PPO,
                    Roles.TRAIN_DPO);
    private static final int FEWEST_WAITING = 1024;

    /// How many times more may wait for trainers that wait for each partition's share.
    private static final int DETERMINISTIC_TIMES = 8;

    private final Connection connection;
    private final TrainerSettings settings;
    private final boolean revises;
    private final int promptsPerBatch;
    private final int groupSize;
    private final int pairsPerGroup;
    private final Map<String, Integer> configured;
    private final Set<String> beside;
    private final Set<JudgeStage.Part> judgeParts;

    /// @param beside roles that are started together with the workers
    RolloutPauses(Configuration configuration, Connection connection, Set<String> beside) {
        this.connection = connection;
        this.beside = Set.copyOf(beside);
        this.judgeParts = new LabelSettings(configuration).stages();
        this.settings = new TrainerSettings(configuration);
        this.revises = new RevisionSettings(configuration).slCai();
        this.promptsPerBatch = configuration.whole(Key.ROLLOUTS_PROMPTS_PER_BATCH, 1);
        this.groupSize = settings.groupSize();
        this.pairsPerGroup = new GroupPairs(configuration).count();
        this.configured = configuration.wholes(Key.ROLLOUTS_PAUSE_ON);
        configured.keySet().forEach(RolloutPauses::requirePausable);
    }

    private static void requirePausable(String role) {
        if (!PAUSABLE.contains(role)) {
            throw new ConfigurationException(
                    "rollouts.pauseOn."
                            + role
                            + " names no role that can be waited for: judge, revise, score, train-reward-model, train-ppo or train-dpo");
        }
    }

    /// The roles that are waited for in this loop.
    List<PauseOn> all() {
        boolean direct = settings.scoresDirectly();
        List<PauseOn> pauses = new ArrayList<>();
        if (!direct) {
            int limit = limit(Roles.JUDGE, batches(pairsPerGroup));
            pauses.add(judge(JudgeStage.Part.JUDGING, Topic.PAIRS, limit, pairsPerGroup));
            int unpaired =
                    (int)
                            Math.min(
                                    Integer.MAX_VALUE,
                                    Math.ceilDiv((long) limit * groupSize, pairsPerGroup));
            pauses.add(judge(JudgeStage.Part.PAIRING, Topic.ROLLOUTS, unpaired, groupSize));
        }
        if (revises) {
            int limit = limit(Roles.REVISE, batches(groupSize));
            pauses.add(pause(Roles.REVISE, Topic.ROLLOUTS, limit, groupSize, false));
        }
        if (settings.learnsFromLabels()) {
            int dpo = limit(Roles.TRAIN_DPO, settings.dpo().pauseLimit());
            pauses.add(pause(Roles.TRAIN_DPO, Topic.PREFERENCES, dpo, pairsPerGroup, false));
            return pauses; // nobody scores
        }
        if (settings.trainsPolicy() && !direct) {
            int limit = limit(Roles.TRAIN_REWARD_MODEL, settings.rewardModel().pauseLimit());
            pauses.add(
                    pause(
                            Roles.TRAIN_REWARD_MODEL,
                            Topic.PREFERENCES,
                            limit,
                            pairsPerGroup,
                            false));
        }
        if (settings.trainsPolicy()) {
            int ppo = limit(Roles.TRAIN_PPO, settings.ppo().pauseLimit());
            pauses.add(pause(Roles.TRAIN_PPO, Topic.SCORED_ROLLOUTS, ppo, groupSize, !direct));
            int score = limit(Roles.SCORE, Math.max(ppo / 2, 2 * promptsPerBatch * groupSize));
            pauses.add(pause(Roles.SCORE, Topic.ROLLOUTS, score, groupSize, !direct));
        }
        return pauses;
    }

    private int batches(int recordsPerPrompt) {
        return Math.max(FEWEST_WAITING, 4 * promptsPerBatch * recordsPerPrompt);
    }

    private int limit(String role, int usual) {
        return configured.getOrDefault(role, usual);
    }

    /// A trainer that waits for each partition's share leaves more of the others waiting.
    private int limit(String trainer, PauseLimit least) {
        int times = settings.isDeterministic() ? DETERMINISTIC_TIMES : 1;
        int limit = limit(trainer, times * (int) least.leastRecords());
        least.require(limit);
        return limit;
    }

    /// @param part of the judge role that reads the topic
    private PauseOn judge(JudgeStage.Part part, Topic topic, int limit, int recordsPerPrompt) {
        return pause(
                Roles.JUDGE,
                topic,
                limit,
                recordsPerPrompt,
                false,
                isBeside(Roles.JUDGE) && judgeParts.contains(part));
    }

    /// SL-CAI comes before what the others wait for.
    private boolean isBeside(String role) {
        return beside.contains(role) && !revises;
    }

    private PauseOn pause(
            String role,
            Topic topic,
            int limit,
            int recordsPerPrompt,
            boolean onlyWithRewardModel) {
        return pause(role, topic, limit, recordsPerPrompt, onlyWithRewardModel, isBeside(role));
    }

    private PauseOn pause(
            String role,
            Topic topic,
            int limit,
            int recordsPerPrompt,
            boolean onlyWithRewardModel,
            boolean atWork) {
        return new PauseOn(
                connection.group(role),
                connection.name(topic),
                limit,
                recordsPerPrompt,
                onlyWithRewardModel,
                atWork);
    }
}
