package rlaif.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.judging.PairJudging;
import rlaif.judging.Retries;
import rlaif.processors.JudgeStage;
import rlaif.processors.JudgingSettings;
import rlaif.processors.PairingSettings;
import rlaif.processors.ScoreStage;
import rlaif.processors.ScoringSettings;
import rlaif.processors.StreamsSettings;
import rlaif.producers.JsonlPrompts;
import rlaif.producers.PauseOn;
import rlaif.producers.PromptProducer;
import rlaif.producers.PromptSource;
import rlaif.producers.RolloutProducer;
import rlaif.producers.RolloutSettings;
import rlaif.topics.Connection;
import rlaif.topics.Topic;
import rlaif.trainers.LearningRateSchedule;
import rlaif.trainers.PauseLimit;
import rlaif.trainers.PolicyOrigin;
import rlaif.trainers.PpoTrainer;
import rlaif.trainers.RewardModelTrainer;
import rlaif.trainers.SftTrainer;
import rlaif.trainers.loop.Pace;
import rlaif.trainers.ppo.PpoSettings;
import rlaif.worlds.PracticeWorld;

/// The workers of a deployment, made from its configuration.
final class Roles {
    static final String PROMPTS = "prompts";
    static final String ROLLOUTS = "rollouts";
    static final String JUDGE = "judge";
    static final String SCORE = "score";
    static final String TRAIN_SFT = "train-sft";
    static final String TRAIN_REWARD_MODEL = "train-reward-model";
    static final String TRAIN_PPO = "train-ppo";
    static final List<String> ALL =
            List.of(PROMPTS, ROLLOUTS, JUDGE, SCORE, TRAIN_SFT, TRAIN_REWARD_MODEL, TRAIN_PPO);

    /// Share of pairs whose raw requests and replies are kept.
    private static final double AUDIT_SHARE = 0.01;

    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final int HELD_OUT_WINDOW = 512;
    private static final double HELD_OUT_SHARE = 0.05;

    private final Deployment deployment;
    private final Configuration configuration;
    private final Connection connection;
    private final String policy;

    Roles(Deployment deployment) {
        this.deployment = deployment;
        this.configuration = deployment.configuration();
        this.connection = deployment.connection();
        this.policy = configuration.text(Key.POLICY_NAME);
    }

    /// Prompts of the configured source; `limit` of them at most, those of earlier starts included.
    PromptProducer prompts(PromptSource source) {
        boolean world = configuration.text(Key.PROMPTS_SOURCE).equals(Worlds.WORLD);
        return checked(() ->
                new PromptProducer(
                        connection,
                        deployment.codecs(),
                        source,
                        PromptProducer.Settings.DEFAULT
                                .withPasses(world ? 1 : configuration.whole(Key.PROMPTS_PASSES, 1))
                                .withMaxBacklog(configuration.whole(Key.PROMPTS_MAX_BACKLOG, 1))));
    }

    /// The configured source of prompts.
    PromptSource promptSource(Predicate<String> tooLong, SkippedLines skipped) {
        return switch (configuration.text(Key.PROMPTS_SOURCE)) {
            case "world" -> new WorldPrompts(Worlds.named(configuration), configuration.seed());
            case "file" -> {
                Path file =
                        configuration
                                .given(Key.PROMPTS_FILE)
                                .map(Path::of)
                                .orElseThrow(() ->
                                        configuration.wrong(
                                                Key.PROMPTS_FILE,
                                                "the JSONL file of your prompts"));
                try {
                    yield new JsonlPrompts(
                            file, configuration.flag(Key.PROMPTS_FOLLOW), tooLong, skipped);
                } catch (IOException unreadable) {
                    throw new ConfigurationException(
                            "prompts.file "
                                    + file.toAbsolutePath()
                                    + " cannot be read: "
                                    + unreadable.getMessage());
                }
            }
            default -> throw configuration.wrong(Key.PROMPTS_SOURCE, "file or world");
        };
    }

    RolloutProducer rollouts(boolean pausing) {
        return checked(() ->
                new RolloutProducer(
                        connection,
                        deployment.codecs(),
                        deployment.checkpoints(),
                        new RolloutSettings(
                                policy,
                                MemberId.in(deployment.folder("state")) + "-rollouts",
                                groupSize(),
                                configuration.whole(Key.ROLLOUTS_PROMPTS_PER_BATCH, 1),
                                configuration.whole(Key.ROLLOUTS_MAX_TOKENS, 1),
                                configuration.positive(Key.ROLLOUTS_TEMPERATURE),
                                threads(),
                                pausing ? pauseOn() : List.of(),
                                RolloutSettings.RECHECK)));
    }

    private int groupSize() {
        return configuration.whole(Key.ROLLOUTS_GROUP_SIZE, 2);
    }

    private int allPairs() {
        return groupSize() * (groupSize() - 1) / 2;
    }

    private int pairsPerGroup() {
        int drawn = configuration.whole(Key.PAIRING_PAIRS_PER_GROUP, 0);
        return drawn == 0 ? allPairs() : Math.min(drawn, allPairs());
    }

    private int threads() {
        return configuration.whole(Key.THREADS, 1);
    }

    /// What rollout workers wait for: as configured, else with room for what each consumer takes at
    /// once.
    private List<PauseOn> pauseOn() {
        Map<String, Integer> configured = configuration.wholes(Key.ROLLOUTS_PAUSE_ON);
        configured.keySet().forEach(Roles::requirePausable);
        boolean trains = configuration.flag(Key.REWARD_MODEL_ENABLED);
        List<PauseOn> pauses = new ArrayList<>();
        int batch = configuration.whole(Key.ROLLOUTS_PROMPTS_PER_BATCH, 1);
        int judgeLimit =
                configured.getOrDefault(JUDGE, Math.max(1024, 4 * batch * pairsPerGroup()));
        pauses.add(pause(JUDGE, Topic.PAIRS, judgeLimit, pairsPerGroup(), false));
        if (trains) {
            PauseLimit rewardModel = rewardModelSettings().pauseLimit();
            int rewardModelLimit =
                    configured.getOrDefault(TRAIN_REWARD_MODEL, (int) rewardModel.leastRecords());
            rewardModel.require(rewardModelLimit);
            pauses.add(
                    pause(
                            TRAIN_REWARD_MODEL,
                            Topic.PREFERENCES,
                            rewardModelLimit,
                            pairsPerGroup(),
                            false));
            PauseLimit ppo = ppoSettings().pauseLimit();
            int ppoLimit = configured.getOrDefault(TRAIN_PPO, (int) ppo.leastRecords());
            ppo.require(ppoLimit);
            pauses.add(pause(TRAIN_PPO, Topic.SCORED_ROLLOUTS, ppoLimit, groupSize(), true));
            int scoreLimit =
                    configured.getOrDefault(SCORE, Math.max(ppoLimit / 2, 2 * batch * groupSize()));
            pauses.add(pause(SCORE, Topic.ROLLOUTS, scoreLimit, groupSize(), true));
        }
        return pauses;
    }

    private static void requirePausable(String role) {
        if (!Set.of(JUDGE, SCORE, TRAIN_REWARD_MODEL, TRAIN_PPO).contains(role)) {
            throw new ConfigurationException(
                    "rollouts.pauseOn."
                            + role
                            + " names no role that can be waited for: judge, score, train-reward-model or train-ppo");
        }
    }

    private PauseOn pause(
            String role,
            Topic topic,
            int limit,
            int recordsPerPrompt,
            boolean onlyWithRewardModel) {
        return new PauseOn(
                connection.group(role),
                connection.name(topic),
                limit,
                recordsPerPrompt,
                onlyWithRewardModel);
    }

    JudgeStage judge(JudgeConnection judge) {
        return checked(() ->
                new JudgeStage(
                        connection,
                        deployment.codecs(),
                        judge.judge(),
                        new JudgeStage.Settings(
                                Set.of(JudgeStage.Part.values()),
                                new PairingSettings(
                                        pairsPerGroup() == allPairs() ? 0 : pairsPerGroup(),
                                        Duration.ofSeconds(
                                                configuration.whole(
                                                        Key.PAIRING_TIMEOUT_SECONDS, 1))),
                                new JudgingSettings(
                                        judge.constitution().id(),
                                        configuration.seed(),
                                        new PairJudging.Settings(
                                                configuration.whole(Key.JUDGE_MAX_IN_FLIGHT, 1),
                                                configuration.flag(
                                                        Key.JUDGE_ABSTAIN_ON_DISAGREEMENT),
                                                Retries.DEFAULT),
                                        AUDIT_SHARE),
                                StreamsSettings.in(deployment.folder("state/judge")))));
    }

    ScoreStage score() {
        return checked(() ->
                new ScoreStage(
                        connection,
                        deployment.codecs(),
                        deployment.checkpoints(),
                        new ScoreStage.Settings(
                                policy,
                                threads(),
                                ScoringSettings.DEFAULT,
                                StreamsSettings.in(deployment.folder("state/score")))));
    }

    SftTrainer sft(SftTrainer.Progress progress) {
        return checked(() ->
                new SftTrainer(
                        connection,
                        deployment.codecs(),
                        deployment.checkpoints(),
                        origin(),
                        new SftTrainer.Settings(
                                policy,
                                configuration.seed(),
                                configuration.whole(Key.SFT_STEPS, 1),
                                configuration.whole(Key.SFT_BATCH, 1),
                                configuration.positive(Key.SFT_LEARNING_RATE),
                                Math.min(
                                        configuration.whole(Key.SFT_THREADS, 1),
                                        Runtime.getRuntime().availableProcessors())),
                        progress));
    }

    private PolicyOrigin origin() {
        String model = configuration.text(Key.POLICY_MODEL);
        if (model.equals(Worlds.WORLD)) {
            PracticeWorld world = Worlds.named(configuration);
            return Worlds.origin(world, configuration.seed(), deployment.folder("state/world"));
        }
        return new PolicyOrigin.Adopted(Path.of(model));
    }

    RewardModelTrainer rewardModel() {
        return checked(() ->
                new RewardModelTrainer(
                        connection,
                        deployment.codecs(),
                        deployment.checkpoints(),
                        rewardModelSettings()));
    }

    private RewardModelTrainer.Settings rewardModelSettings() {
        return new RewardModelTrainer.Settings(
                policy,
                configuration.seed(),
                configuration.whole(Key.REWARD_MODEL_BATCH, 1),
                configuration.whole(Key.REWARD_MODEL_WARMUP, 1),
                configuration.whole(Key.REWARD_MODEL_PER_CHECKPOINT, 1),
                configuration.positive(Key.REWARD_MODEL_LEARNING_RATE),
                new LearningRateSchedule.Constant(0),
                HELD_OUT_SHARE,
                HELD_OUT_WINDOW,
                HELD_OUT_WINDOW,
                threads(),
                new Pace.Live(PATIENCE));
    }

    PpoTrainer ppo() {
        return checked(() ->
                new PpoTrainer(
                        connection, deployment.codecs(), deployment.checkpoints(), ppoSettings()));
    }

    private PpoTrainer.Settings ppoSettings() {
        int batch = configuration.whole(Key.PPO_BATCH, 1);
        if (batch % groupSize() != 0) {
            throw configuration.wrong(
                    Key.PPO_BATCH,
                    "a multiple of " + Key.ROLLOUTS_GROUP_SIZE.key() + " (" + groupSize() + ")");
        }
        PpoSettings usual = PpoSettings.defaults();
        PpoSettings arithmetic =
                new PpoSettings(
                        usual.clipRange(),
                        usual.valueClipRange(),
                        configuration.number(Key.PPO_BETA, 0),
                        usual.discount(),
                        usual.lambda(),
                        configuration.whole(Key.PPO_EPOCHS, 1),
                        configuration.whole(Key.PPO_MINIBATCHES, 1),
                        usual.proximalWeightLimit(),
                        usual.behaviourRatioBound(),
                        configuration.positive(Key.PPO_LEARNING_RATE),
                        configuration.positive(Key.PPO_VALUE_LEARNING_RATE),
                        usual.missingEndPenalty(),
                        configuration.positive(Key.ROLLOUTS_TEMPERATURE));
        int versions = configuration.whole(Key.PPO_VERSIONS, 0);
        return new PpoTrainer.Settings(
                policy,
                ScoringSettings.DEFAULT.scorer(),
                configuration.seed(),
                batch / groupSize(),
                groupSize(),
                1,
                versions == 0 ? PpoTrainer.NEVER_ENDS : versions,
                configuration.whole(Key.PPO_MAX_STALENESS, 0),
                arithmetic,
                new LearningRateSchedule.Constant(0),
                threads(),
                new Pace.Live(PATIENCE));
    }

    /// What a worker refuses in its settings is the configuration's fault.
    static <T> T checked(java.util.function.Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException refused) {
            throw new ConfigurationException(String.valueOf(refused.getMessage()));
        }
    }
}
