package rlaif.cli;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.Set;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.cli.config.NearestName;
import rlaif.models.LoraSettings;
import rlaif.models.LoraTarget;
import rlaif.processors.ScoringSettings;
import rlaif.trainers.AnnouncedMetrics;
import rlaif.trainers.DpoTrainer;
import rlaif.trainers.Footprint;
import rlaif.trainers.PpoTrainer;
import rlaif.trainers.RewardModelTrainer;
import rlaif.trainers.SftTrainer;
import rlaif.trainers.TrainedWeights;
import rlaif.trainers.batching.MicroBatching;
import rlaif.trainers.dpo.DirectObjective;
import rlaif.trainers.dpo.Dpo;
import rlaif.trainers.dpo.DpoSettings;
import rlaif.trainers.dpo.Ipo;
import rlaif.trainers.loop.Pace;
import rlaif.trainers.loop.Retention;

/// What the trainers are told, read from the configuration.
final class TrainerSettings {
    /// How long a trainer waits for a partition that is short before it takes more of the others.
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private static final String DPO = "dpo";
    private static final int HELD_OUT_WINDOW = 512;
    private static final double HELD_OUT_SHARE = 0.05;

    private final Configuration configuration;
    private final String policy;

    TrainerSettings(Configuration configuration) {
        this.configuration = configuration;
        this.policy = configuration.name(Key.POLICY_NAME);
    }

    /// Completions a prompt.
    int groupSize() {
        return configuration.whole(Key.ROLLOUTS_GROUP_SIZE, 2);
    }

    /// Threads of each worker that computes.
    int threads() {
        return new TensorThreads(configuration).of(Key.THREADS);
    }

    /// Policy version that reinforcement learning starts from.
    private long referenceVersion() {
        return new RevisionSettings(configuration).referenceVersion();
    }

    /// Policy version after which training ends; empty: it has no end.
    OptionalLong lastVersion() {
        int trained = configuration.whole(Key.PPO_VERSIONS, 0);
        return trained == 0 ? OptionalLong.empty() : OptionalLong.of(referenceVersion() + trained);
    }

    /// Which versions keep their files.
    Retention retention() {
        configuration
                .given(Key.RETENTION_METRIC)
                .filter(metric -> !AnnouncedMetrics.NAMES.contains(metric.replaceFirst("^-", "")))
                .ifPresent(metric -> {
                    throw configuration.wrong(
                            Key.RETENTION_METRIC,
                            "a metric that versions are announced with, perhaps "
                                    + NearestName.of(metric, AnnouncedMetrics.NAMES));
                });
        return Roles.checked(() ->
                new Retention(
                        configuration.whole(Key.RETENTION_KEEP_LAST, Retention.STILL_NAMED),
                        configuration.whole(Key.RETENTION_KEEP_EVERY, 0),
                        configuration.whole(Key.RETENTION_KEEP_BEST, 0),
                        configuration.given(Key.RETENTION_METRIC).orElse("")));
    }

    /// Whether the same log gives the same batches.
    boolean isDeterministic() {
        return configuration.flag(Key.TRAINERS_DETERMINISTIC);
    }

    /// How trainers treat a partition that is short.
    Pace pace() {
        return isDeterministic() ? Pace.deterministic() : new Pace.Live(PATIENCE);
    }

    /// Whether the judge itself scores, so that no reward model is trained (d-RLAIF).
    boolean scoresDirectly() {
        return switch (configuration.text(Key.SCORE_BY)) {
            case "reward-model" -> false;
            case "judge" -> {
                new LabelSettings(configuration).requireUnused();
                yield true;
            }
            default -> throw configuration.wrong(Key.SCORE_BY, "reward-model or judge");
        };
    }

    /// Whether the policy learns from labels, so that nothing scores (DPO).
    boolean learnsFromLabels() {
        boolean dpo = configuration.text(Key.TRAIN_ALGORITHM).equals(DPO);
        if (dpo && scoresDirectly()) {
            throw configuration.wrong(
                    Key.SCORE_BY,
                    "reward-model with "
                            + Key.TRAIN_ALGORITHM.key()
                            + ": dpo, which reads no score");
        }
        return dpo;
    }

    /// The role that moves the policy.
    String policyTrainer() {
        return learnsFromLabels() ? Roles.TRAIN_DPO : Roles.TRAIN_PPO;
    }

    /// Whether the policy is moved at all.
    boolean trainsPolicy() {
        return learnsFromLabels()
                || scoresDirectly()
                || configuration.flag(Key.REWARD_MODEL_ENABLED);
    }

    /// Most tokens of a prompt and its completion together: what the policy reads and, where it
    /// learns from them, what is trained on.
    int longestRollout(int maxPositions) {
        if (!learnsFromRollouts()) {
            return maxPositions;
        }
        requireTrainableRollouts();
        return Math.min(maxPositions, configuration.whole(Key.TRAIN_MAX_TOKENS, 2));
    }

    /// Refuses completions of a length that leaves a prompt no room in what is trained on.
    void requireTrainableRollouts() {
        int most = configuration.whole(Key.TRAIN_MAX_TOKENS, 2);
        if (learnsFromRollouts() && configuration.whole(Key.ROLLOUTS_MAX_TOKENS, 1) >= most) {
            throw configuration.wrong(
                    Key.ROLLOUTS_MAX_TOKENS,
                    "below %s (%d), which a prompt and its completion must fit together to be trained on"
                            .formatted(Key.TRAIN_MAX_TOKENS.key(), most));
        }
    }

    private boolean learnsFromRollouts() {
        return trainsPolicy() || configuration.flag(Key.SL_CAI_ENABLED);
    }

    /// Which weights the trainers move, and how much of a step is in memory at once.
    Footprint footprint() {
        return new Footprint(
                trainedWeights(), microBatching(), configuration.whole(Key.TRAIN_MAX_TOKENS, 2));
    }

    /// How a step is divided.
    MicroBatching microBatching() {
        return new MicroBatching(configuration.whole(Key.TRAIN_MICRO_BATCH_TOKENS, 0));
    }

    private TrainedWeights trainedWeights() {
        int rank = configuration.whole(Key.LORA_RANK, 0);
        if (rank == 0) {
            return new TrainedWeights.Every();
        }
        Set<LoraTarget> targets = new LinkedHashSet<>();
        for (String name : configuration.text(Key.LORA_TARGETS).split(",", -1)) {
            targets.add(
                    LoraTarget.of(name.strip())
                            .orElseThrow(() ->
                                    configuration.wrong(
                                            Key.LORA_TARGETS,
                                            "some of "
                                                    + Key.LORA_TARGETS.fallback()
                                                    + ", divided by commas")));
        }
        return new TrainedWeights.Adapters(
                new LoraSettings(rank, configuration.positive(Key.LORA_ALPHA), targets));
    }

    /// Of supervised fine-tuning.
    SftTrainer.Settings sft() {
        return new SftTrainer.Settings(
                policy,
                configuration.seed(),
                configuration.whole(Key.SFT_STEPS, 1),
                configuration.whole(Key.SFT_BATCH, 1),
                new LearningRates(configuration).of(Key.SFT_LEARNING_RATE),
                Math.min(
                        new TensorThreads(configuration).of(Key.SFT_THREADS),
                        Runtime.getRuntime().availableProcessors()));
    }

    /// Of the reward-model trainer.
    RewardModelTrainer.Settings rewardModel() {
        return new RewardModelTrainer.Settings(
                policy,
                referenceVersion(),
                configuration.seed(),
                configuration.whole(Key.REWARD_MODEL_BATCH, 1),
                configuration.whole(Key.REWARD_MODEL_WARMUP, 1),
                configuration.whole(Key.REWARD_MODEL_PER_CHECKPOINT, 1),
                new LearningRates(configuration).of(Key.REWARD_MODEL_LEARNING_RATE),
                new LearningRates(configuration).ofRewardModel(),
                HELD_OUT_SHARE,
                HELD_OUT_WINDOW,
                HELD_OUT_WINDOW,
                threads(),
                pace());
    }

    /// How advantages are made of scores, where the policy learns from those.
    PpoTrainer.Algorithm algorithm() {
        return switch (configuration.text(Key.TRAIN_ALGORITHM)) {
            case "ppo" -> PpoTrainer.Algorithm.PPO;
            case "rloo" -> PpoTrainer.Algorithm.RLOO;
            case "grpo" -> PpoTrainer.Algorithm.GRPO;
            default -> throw configuration.wrong(Key.TRAIN_ALGORITHM, "ppo, rloo, grpo or dpo");
        };
    }

    /// Of the DPO trainer.
    DpoTrainer.Settings dpo() {
        return Roles.checked(() ->
                new DpoTrainer.Settings(
                        policy,
                        referenceVersion(),
                        configuration.seed(),
                        configuration.whole(Key.DPO_BATCH, 1),
                        configuration.whole(Key.DPO_STEPS_PER_CHECKPOINT, 1),
                        lastVersion().orElse(PpoTrainer.NEVER_ENDS),
                        configuration.whole(Key.DPO_MAX_STALENESS, 0),
                        new DpoSettings(
                                directObjective(),
                                configuration.whole(Key.DPO_MINIBATCHES, 1),
                                new LearningRates(configuration).of(Key.DPO_LEARNING_RATE),
                                configuration.positive(Key.ROLLOUTS_TEMPERATURE)),
                        new LearningRates(configuration).ofDpo(),
                        threads(),
                        pace()));
    }

    private DirectObjective directObjective() {
        double beta = configuration.positive(Key.DPO_BETA);
        return switch (configuration.text(Key.DPO_LOSS)) {
            case "dpo" -> new Dpo(beta);
            case "ipo" -> new Ipo(beta);
            default -> throw configuration.wrong(Key.DPO_LOSS, "dpo or ipo");
        };
    }

    /// Of the PPO trainer.
    PpoTrainer.Settings ppo() {
        int batch = configuration.whole(Key.PPO_BATCH, 1);
        if (batch % groupSize() != 0) {
            throw configuration.wrong(
                    Key.PPO_BATCH,
                    "a multiple of " + Key.ROLLOUTS_GROUP_SIZE.key() + " (" + groupSize() + ")");
        }
        return Roles.checked(() ->
                new PpoTrainer.Settings(
                        algorithm(),
                        policy,
                        referenceVersion(),
                        scoresDirectly()
                                ? configuration.name(Key.JUDGE_NAME)
                                : ScoringSettings.DEFAULT.scorer(),
                        scoresDirectly()
                                ? PpoTrainer.ValueOrigin.REFERENCE_POLICY
                                : PpoTrainer.ValueOrigin.REWARD_MODEL,
                        configuration.seed(),
                        batch / groupSize(),
                        groupSize(),
                        configuration.whole(Key.PPO_STEPS_PER_CHECKPOINT, 1),
                        lastVersion().orElse(PpoTrainer.NEVER_ENDS),
                        configuration.whole(Key.PPO_MAX_STALENESS, 0),
                        new PolicyGradientSettings(configuration, algorithm()).arithmetic(),
                        new LearningRates(configuration).ofPolicyGradient(),
                        threads(),
                        pace()));
    }
}
