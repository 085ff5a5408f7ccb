package rlaif.trainers;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.ScoredRollout;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Role;
import rlaif.topics.Topic;
import rlaif.trainers.loop.Lineage;
import rlaif.trainers.loop.Pace;
import rlaif.trainers.loop.TrainerIdentity;
import rlaif.trainers.loop.TrainingSession;
import rlaif.trainers.ppo.KlController;
import rlaif.trainers.ppo.PpoSettings;

/// The worker that learns from `scored-rollouts` as they come and announces policy 1, 2, ...: by
/// PPO, or by RLOO or GRPO, which take the same rollouts under the same objective with another
/// advantage.
///
/// Waits for the policy version that stays its reference, and for whatever the value model starts
/// from: reward model 0, or version 0 itself where a judge scores. Ends after the last version
/// asked for; what it has not consumed then stays above its committed offsets, in flight.
public final class PpoTrainer implements AutoCloseable {
    /// Last version of a trainer that never ends.
    public static final long NEVER_ENDS = Long.MAX_VALUE;

    /// Most versions by which a rollout may ever be stale (AReaL's table holds to 8).
    public static final int HARD_STALENESS_LIMIT = 8;

    static final String TRAINER = Role.TRAIN_PPO.id();

    private final Workshop workshop;
    private final Settings settings;
    private volatile boolean stopped;

    public PpoTrainer(Workshop workshop, Settings settings) {
        this.workshop = workshop;
        this.settings = settings;
    }

    /// How advantages are made of scores.
    public enum Algorithm {
        /// From a value model, token by token.
        PPO,
        /// From what the others of a group earn.
        RLOO,
        /// From how a score stands among those of its group.
        GRPO;

        /// Whether a value model is in memory and learns.
        public boolean hasCritic() {
            return this == PPO;
        }

        /// The arithmetic whose figures stand in `docs/LEARNING.md`. GRPO needs a closer tie to the
        /// reference and smaller steps: at PPO's it lost 17 points of helpfulness.
        public PpoSettings defaults() {
            return switch (this) {
                case PPO, RLOO -> PpoSettings.defaults();
                case GRPO -> PpoSettings.defaults().with(new KlController.Fixed(0.2), 3e-4);
            };
        }
    }

    /// Whose weights the value model starts from, under a head of zeros.
    public enum ValueOrigin {
        /// Reward model 0, whose scores it learns from.
        REWARD_MODEL,
        /// Policy version 0: no reward model is needed.
        REFERENCE_POLICY
    }

    /// What this trainer can be told.
    ///
    /// @param algorithm default PPO
    /// @param policy name of the policy
    /// @param referenceVersion policy version that it starts from and keeps as its frozen
    ///   reference; default 0
    /// @param scorer the one scorer whose scores it learns from
    /// @param valueOrigin whose weights the value model starts from; default the reward model's
    /// @param seed of the order within a batch
    /// @param groupsPerBatch groups a step; default 64
    /// @param groupSize rollouts a group, as they are sampled; default 4
    /// @param stepsPerCheckpoint steps between two versions; default 1
    /// @param lastVersion after which it ends; default {@link #NEVER_ENDS}
    /// @param maxStaleness versions by which a rollout's oldest token may trail; default 4, at most
    ///   8
    /// @param ppo the arithmetic
    /// @param schedule of the learning rates over steps; default constant
    /// @param tensorThreads threads that compute; another count gives other weights
    /// @param pace default live
    public record Settings(
            Algorithm algorithm,
            String policy,
            long referenceVersion,
            String scorer,
            ValueOrigin valueOrigin,
            long seed,
            int groupsPerBatch,
            int groupSize,
            int stepsPerCheckpoint,
            long lastVersion,
            int maxStaleness,
            PpoSettings ppo,
            LearningRateSchedule schedule,
            int tensorThreads,
            Pace pace) {
        public Settings {
            Bounds.name("policy", policy);
            Bounds.atLeast("ppo.referenceVersion", referenceVersion, 0);
            Bounds.name("scorer", scorer);
            Bounds.atLeast("ppo.groupsPerBatch", groupsPerBatch, 1);
            Bounds.atLeast("ppo.groupSize", groupSize, 1);
            Bounds.atLeast("ppo.stepsPerCheckpoint", stepsPerCheckpoint, 1);
            Bounds.atLeast("ppo.lastVersion", lastVersion, 1);
            Bounds.atLeast("ppo.maxStaleness", maxStaleness, 0);
            Bounds.atLeast("ppo.tensorThreads", tensorThreads, 1);
            if (groupsPerBatch < ppo.minibatches()) {
                throw new IllegalArgumentException(
                        "ppo.groupsPerBatch must be at least ppo.minibatches (%d), got %d"
                                .formatted(ppo.minibatches(), groupsPerBatch));
            }
            if (!algorithm.hasCritic() && groupSize < 2) {
                throw new IllegalArgumentException(
                        "%s compares the rollouts of a group: ppo.groupSize must be at least 2, got %d"
                                .formatted(algorithm, groupSize));
            }
            int batch = groupsPerBatch * groupSize;
            if (ppo.kl() instanceof KlController.Adaptive adaptive
                    && !adaptive.staysPositive(batch)) {
                throw new IllegalArgumentException(
                        "ppo.kl.horizon must be above a fifth of ppo.batch (%d rollouts), or one step could bring the penalty to 0 or below; got %s"
                                .formatted(batch, adaptive.horizon()));
            }
            if (maxStaleness > HARD_STALENESS_LIMIT) {
                throw new IllegalArgumentException(
                        "ppo.maxStaleness must be at most %d versions, got %d"
                                .formatted(HARD_STALENESS_LIMIT, maxStaleness));
            }
        }

        /// The defaults above on one thread.
        public static Settings defaults(String policy, String scorer, long seed) {
            return new Settings(
                    Algorithm.PPO,
                    policy,
                    0,
                    scorer,
                    ValueOrigin.REWARD_MODEL,
                    seed,
                    64,
                    4,
                    1,
                    NEVER_ENDS,
                    4,
                    PpoSettings.defaults(),
                    new LearningRateSchedule.Constant(0),
                    1,
                    Pace.live());
        }

        /// What may wait for this trainer before sampling pauses, in rollouts.
        public PauseLimit pauseLimit() {
            long batch = (long) groupsPerBatch * groupSize;
            return new PauseLimit(TRAINER, batch * stepsPerCheckpoint, batch, 1);
        }

        Map<String, Object> facts() {
            Map<String, Object> facts = new TreeMap<>();
            facts.put("algorithm", algorithm.toString());
            facts.putAll(
                    Map.of(
                            "seed", seed,
                            "referenceVersion", referenceVersion,
                            "scorer", scorer,
                            "valueOrigin", valueOrigin.toString(),
                            "groupsPerBatch", groupsPerBatch,
                            "stepsPerCheckpoint", stepsPerCheckpoint,
                            "maxStaleness", maxStaleness,
                            "ppo", ppo.toString(),
                            "schedule", schedule.toString(),
                            "tensorThreads", tensorThreads));
            return facts;
        }
    }

    /// Trains until the last version is announced, {@link #close}, or the end of a recorded log.
    public void run() {
        TensorThread.prepare(settings.tensorThreads());
        TrainerIdentity identity =
                TrainerIdentity.of(
                        settings.policy(),
                        CheckpointRole.POLICY,
                        TRAINER,
                        Topic.SCORED_ROLLOUTS,
                        settings.seed());
        try (CheckpointFollower follower = workshop.follower()) {
            Lineage policies = new Lineage(follower, settings.policy(), CheckpointRole.POLICY);
            Optional<Checkpoint> reference =
                    policies.await(settings.referenceVersion(), () -> stopped);
            Optional<Checkpoint> valueOrigin = reference.flatMap(p -> valueOrigin(follower, p));
            if (reference.isEmpty() || valueOrigin.isEmpty() || finished(policies)) {
                return;
            }
            try (Tokenizer tokenizer = workshop.tokenizer(reference.get())) {
                Staging staging = new Staging(workshop, identity, tokenizer);
                workshop.session(follower, identity, settings.groupsPerBatch(), settings.pace())
                        .run(
                                start ->
                                        trainee(
                                                new PpoLearner.Start(
                                                        start.head().orElse(reference.get()),
                                                        start.resumed(),
                                                        reference.get(),
                                                        valueOrigin.get()),
                                                start.abandoned(),
                                                staging),
                                () -> stopped);
            }
        }
    }

    /// Empty: stopped before it was announced.
    private Optional<Checkpoint> valueOrigin(CheckpointFollower follower, Checkpoint reference) {
        return switch (settings.valueOrigin()) {
            case REWARD_MODEL ->
                    new Lineage(follower, settings.policy(), CheckpointRole.REWARD_MODEL)
                            .await(0, () -> stopped);
            case REFERENCE_POLICY -> Optional.of(reference);
        };
    }

    private boolean finished(Lineage policies) {
        return policies.head().orElseThrow().getVersion() >= settings.lastVersion();
    }

    private TrainingSession.Trainee<ScoredRollout, AcceptedRollout> trainee(
            PpoLearner.Start start, Set<Long> abandoned, Staging staging) {
        PpoLearner learner = PpoLearner.at(start, settings, staging);
        return new TrainingSession.Trainee<>(
                new ScoredRolloutIntake(
                        workshop.codecs().codec(Topic.SCORED_ROLLOUTS),
                        staging.tokens(learner.shape()),
                        settings,
                        learner::policyVersion,
                        abandoned),
                learner);
    }

    /// Stops before the next step; what was learned since the last version is learned again at the
    /// next start.
    @Override
    public void close() {
        stopped = true;
    }
}
