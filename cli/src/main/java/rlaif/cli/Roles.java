package rlaif.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.judging.ScoringJudge;
import rlaif.judging.attack.ShippedTrials;
import rlaif.processors.DirectScoreStage;
import rlaif.processors.DirectScoringSettings;
import rlaif.processors.JudgeStage;
import rlaif.processors.JudgingSettings;
import rlaif.processors.PairingSettings;
import rlaif.processors.ReviseStage;
import rlaif.processors.ScoreStage;
import rlaif.processors.ScoringSettings;
import rlaif.processors.StreamsSettings;
import rlaif.producers.JsonlPrompts;
import rlaif.producers.LabelProducer;
import rlaif.producers.PauseOn;
import rlaif.producers.PromptProducer;
import rlaif.producers.PromptSource;
import rlaif.producers.RolloutProducer;
import rlaif.producers.RolloutSettings;
import rlaif.topics.Connection;
import rlaif.topics.Topic;
import rlaif.trainers.Demonstrations;
import rlaif.trainers.PauseLimit;
import rlaif.trainers.PolicyOrigin;
import rlaif.trainers.PpoTrainer;
import rlaif.trainers.RevisionTrainer;
import rlaif.trainers.RewardModelTrainer;
import rlaif.trainers.SftTrainer;
import rlaif.worlds.PracticeWorld;

/// The workers of a deployment, made from its configuration.
final class Roles {
    static final String PROMPTS = "prompts";
    static final String ROLLOUTS = "rollouts";
    static final String REVISE = "revise";
    static final String JUDGE = "judge";
    static final String PEOPLE = "people";
    static final String SCORE = "score";
    static final String TRAIN_SFT = "train-sft";
    static final String TRAIN_REWARD_MODEL = "train-reward-model";
    static final String TRAIN_PPO = "train-ppo";
    static final List<String> ALL =
            List.of(
                    PROMPTS,
                    ROLLOUTS,
                    REVISE,
                    JUDGE,
                    PEOPLE,
                    SCORE,
                    TRAIN_SFT,
                    TRAIN_REWARD_MODEL,
                    TRAIN_PPO);

    private final Deployment deployment;
    private final Configuration configuration;
    private final Connection connection;
    private final TrainerSettings settings;
    private final RevisionSettings revisions;
    private final LabelSettings labels;
    private final String policy;

    Roles(Deployment deployment) {
        this.deployment = deployment;
        this.configuration = deployment.configuration();
        this.connection = deployment.connection();
        this.settings = new TrainerSettings(configuration);
        this.revisions = new RevisionSettings(configuration);
        this.labels = new LabelSettings(configuration);
        this.policy = configuration.text(Key.POLICY_NAME);
    }

    /// The roles of the whole loop as it is configured.
    static List<String> ofLoop(Configuration configuration) {
        Set<String> left = new HashSet<>();
        if (!configuration.flag(Key.SL_CAI_ENABLED)) {
            left.add(REVISE);
        }
        if (!new LabelSettings(configuration).simulatesPeople()) {
            left.add(PEOPLE);
        }
        if (new TrainerSettings(configuration).scoresDirectly()) {
            left.addAll(Set.of(JUDGE, PEOPLE, TRAIN_REWARD_MODEL)); // nothing reads labels
        } else if (!configuration.flag(Key.REWARD_MODEL_ENABLED)) {
            left.addAll(Set.of(SCORE, TRAIN_REWARD_MODEL, TRAIN_PPO));
        }
        return ALL.stream().filter(role -> !left.contains(role)).toList();
    }

    /// The worker that writes the prompts of a source.
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
                                settings.groupSize(),
                                configuration.whole(Key.ROLLOUTS_PROMPTS_PER_BATCH, 1),
                                configuration.whole(Key.ROLLOUTS_MAX_TOKENS, 1),
                                configuration.positive(Key.ROLLOUTS_TEMPERATURE),
                                settings.threads(),
                                pausing ? pauseOn() : List.of(),
                                RolloutSettings.RECHECK)));
    }

    private int allPairs() {
        return settings.groupSize() * (settings.groupSize() - 1) / 2;
    }

    private int pairsPerGroup() {
        int drawn = configuration.whole(Key.PAIRING_PAIRS_PER_GROUP, 0);
        return drawn == 0 ? allPairs() : Math.min(drawn, allPairs());
    }

    /// What rollout workers wait for: as configured, else with room for what each consumer takes at
    /// once.
    private List<PauseOn> pauseOn() {
        Map<String, Integer> configured = configuration.wholes(Key.ROLLOUTS_PAUSE_ON);
        configured.keySet().forEach(Roles::requirePausable);
        boolean direct = settings.scoresDirectly();
        List<PauseOn> pauses = new ArrayList<>();
        int batch = configuration.whole(Key.ROLLOUTS_PROMPTS_PER_BATCH, 1);
        int judgeLimit =
                configured.getOrDefault(JUDGE, Math.max(1024, 4 * batch * pairsPerGroup()));
        if (!direct) {
            pauses.add(pause(JUDGE, Topic.PAIRS, judgeLimit, pairsPerGroup(), false));
        }
        if (revisions.slCai()) {
            int reviseLimit =
                    configured.getOrDefault(
                            REVISE, Math.max(1024, 4 * batch * settings.groupSize()));
            pauses.add(pause(REVISE, Topic.ROLLOUTS, reviseLimit, settings.groupSize(), false));
        }
        if (settings.trainsPolicy() && !direct) {
            PauseLimit rewardModel = settings.rewardModel().pauseLimit();
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
        }
        if (settings.trainsPolicy()) {
            PauseLimit ppo = settings.ppo().pauseLimit();
            int ppoLimit = configured.getOrDefault(TRAIN_PPO, (int) ppo.leastRecords());
            ppo.require(ppoLimit);
            pauses.add(
                    pause(
                            TRAIN_PPO,
                            Topic.SCORED_ROLLOUTS,
                            ppoLimit,
                            settings.groupSize(),
                            !direct));
            int scoreLimit =
                    configured.getOrDefault(
                            SCORE, Math.max(ppoLimit / 2, 2 * batch * settings.groupSize()));
            pauses.add(pause(SCORE, Topic.ROLLOUTS, scoreLimit, settings.groupSize(), !direct));
        }
        return pauses;
    }

    private static void requirePausable(String role) {
        if (!Set.of(JUDGE, REVISE, SCORE, TRAIN_REWARD_MODEL, TRAIN_PPO).contains(role)) {
            throw new ConfigurationException(
                    "rollouts.pauseOn."
                            + role
                            + " names no role that can be waited for: judge, revise, score, train-reward-model or train-ppo");
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

    private PairingSettings pairing() {
        return new PairingSettings(
                pairsPerGroup() == allPairs() ? 0 : pairsPerGroup(),
                Duration.ofSeconds(configuration.whole(Key.PAIRING_TIMEOUT_SECONDS, 1)));
    }

    /// @param notices told, in a line each, when judging pauses and goes on
    JudgeStage judge(JudgeConnection judge, Consumer<String> notices) {
        JudgeSettings chosen = new JudgeSettings(configuration);
        return checked(() ->
                new JudgeStage(
                        connection,
                        deployment.codecs(),
                        judge.judge(),
                        new ShippedTrials(),
                        new JudgeStage.Settings(
                                labels.stages(),
                                pairing(),
                                chosen.judging(judge.constitution().id())
                                        .withLabels(labels.people(), labels.writer()),
                                labels.preferences(),
                                labels.readPrefix(),
                                chosen.streams(deployment.folder("state/judge"))),
                        notices));
    }

    ReviseStage revise(ReviserConnection reviser, Consumer<String> notices) {
        return checked(() ->
                new ReviseStage(
                        connection,
                        deployment.codecs(),
                        reviser.reviser(),
                        new ReviseStage.Settings(
                                revisions.revise(reviser.constitution().id()),
                                StreamsSettings.in(deployment.folder("state/revise"))),
                        notices));
    }

    /// The judge role without its judge: labels anew what was judged.
    JudgeStage preferences() {
        return checked(() ->
                JudgeStage.withoutJudge(
                        connection,
                        deployment.codecs(),
                        new JudgeStage.Settings(
                                labels.stages(),
                                pairing(),
                                JudgingSettings.DEFAULT,
                                labels.preferences(),
                                labels.readPrefix(),
                                StreamsSettings.in(deployment.folder("state/judge")))));
    }

    /// The practice world's people.
    LabelProducer people() {
        return new LabelProducer(
                connection,
                deployment.codecs(),
                SimulatedPerson.of(configuration),
                SimulatedPerson.SOURCE);
    }

    DirectScoreStage directScore(JudgeConnection judge, Consumer<String> notices) {
        ScoringJudge scoring =
                judge.scoringJudge()
                        .orElseThrow(() ->
                                configuration.wrong(
                                        Key.SCORE_BY,
                                        "reward-model with this kind of judge, which only compares"));
        JudgeSettings chosen = new JudgeSettings(configuration);
        return checked(() ->
                new DirectScoreStage(
                        connection,
                        deployment.codecs(),
                        scoring,
                        new DirectScoringSettings(
                                judge.constitution().id(),
                                configuration.seed(),
                                chosen.calls(),
                                DirectScoringSettings.DEFAULT.timeout()),
                        chosen.streams(deployment.folder("state/score")),
                        notices));
    }

    ScoreStage score() {
        return checked(() ->
                new ScoreStage(
                        connection,
                        deployment.codecs(),
                        deployment.checkpoints(),
                        new ScoreStage.Settings(
                                policy,
                                settings.threads(),
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
                        settings.sft(),
                        progress));
    }

    /// SFT on revisions; empty: it is not part of the loop.
    Optional<RevisionTrainer> slCai(RevisionTrainer.Progress progress) {
        if (!revisions.slCai()) {
            return Optional.empty();
        }
        return Optional.of(
                checked(() ->
                        new RevisionTrainer(
                                connection,
                                deployment.codecs(),
                                deployment.checkpoints(),
                                helpful(),
                                revisions.trainer(),
                                progress)));
    }

    private Demonstrations helpful() {
        Optional<String> file = configuration.given(Key.SL_CAI_HELPFUL_FILE);
        if (file.isPresent()) {
            return new HelpfulFile(Path.of(file.get()));
        }
        if (configuration.text(Key.POLICY_MODEL).equals(Worlds.WORLD)) {
            return Worlds.helpful(Worlds.named(configuration), configuration.seed());
        }
        if (revisions.trainer().helpfulShare() > 0) {
            throw configuration.wrong(
                    Key.SL_CAI_HELPFUL_FILE,
                    "a JSONL file, or set " + Key.SL_CAI_HELPFUL_SHARE.key() + ": 0");
        }
        return Collections::emptyIterator;
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
                        settings.rewardModel()));
    }

    PpoTrainer ppo() {
        return checked(() ->
                new PpoTrainer(
                        connection, deployment.codecs(), deployment.checkpoints(), settings.ppo()));
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
