package rlaif.trainers;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.OffsetRange;
import rlaif.events.Preference;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Role;
import rlaif.topics.Topic;
import rlaif.trainers.loop.Lineage;
import rlaif.trainers.loop.Pace;
import rlaif.trainers.loop.RolloutsEnd;
import rlaif.trainers.loop.TrainerIdentity;
import rlaif.trainers.loop.TrainingSession;

/// The worker that learns scores from `preferences` as they come and announces reward model 0, 1,
/// 2, ...
///
/// Waits for the reference version of the policy, whose weights it starts from, and never ends by
/// itself.
public final class RewardModelTrainer implements AutoCloseable {
    static final String TRAINER = Role.TRAIN_REWARD_MODEL.id();

    private final Workshop workshop;
    private final Settings settings;
    private volatile boolean stopped;

    public RewardModelTrainer(Workshop workshop, Settings settings) {
        this.workshop = workshop;
        this.settings = settings;
    }

    /// What the reward-model trainer can be told.
    ///
    /// @param policy name of the policy whose completions are scored
    /// @param referenceVersion policy version that reinforcement learning starts from; default 0
    /// @param seed of the scalar head
    /// @param batch preferences a step; default 64
    /// @param warmupPreferences trained on before version 0 is announced; default 3072
    /// @param preferencesPerCheckpoint trained on between two versions; default 512
    /// @param learningRate of AdamW; default 1e-3
    /// @param schedule of the learning rate over steps; default constant
    /// @param heldOutShare share of prompt texts that is only measured on, in [0, 1); default 0.05
    /// @param heldOutWindow newest held-out preferences that are measured on; default 512
    /// @param referenceCompletions first completions, on which scores are normalised; default 512
    /// @param tensorThreads threads that compute; another count gives other weights
    /// @param pace default live
    public record Settings(
            String policy,
            long referenceVersion,
            long seed,
            int batch,
            long warmupPreferences,
            long preferencesPerCheckpoint,
            double learningRate,
            LearningRateSchedule schedule,
            double heldOutShare,
            int heldOutWindow,
            int referenceCompletions,
            int tensorThreads,
            Pace pace) {
        public Settings {
            Bounds.name("policy", policy);
            Bounds.atLeast("rewardModel.referenceVersion", referenceVersion, 0);
            Bounds.atLeast("rewardModel.batch", batch, 1);
            Bounds.atLeast("rewardModel.warmupPreferences", warmupPreferences, 1);
            Bounds.atLeast("rewardModel.preferencesPerCheckpoint", preferencesPerCheckpoint, 1);
            Bounds.above("rewardModel.learningRate", learningRate, 0);
            Bounds.atLeast("rewardModel.heldOutWindow", heldOutWindow, 1);
            Bounds.atLeast("rewardModel.referenceCompletions", referenceCompletions, 2);
            Bounds.atLeast("rewardModel.tensorThreads", tensorThreads, 1);
            if (!(heldOutShare >= 0 && heldOutShare < 1)) {
                throw new IllegalArgumentException(
                        "rewardModel.heldOutShare must lie in [0, 1), got " + heldOutShare);
            }
        }

        /// The defaults above on one thread.
        public static Settings defaults(String policy, long seed) {
            return new Settings(
                    policy,
                    0,
                    seed,
                    64,
                    3072,
                    512,
                    1e-3,
                    new LearningRateSchedule.Constant(0),
                    0.05,
                    512,
                    512,
                    1,
                    Pace.live());
        }

        /// What may wait for this trainer before sampling pauses, in preferences.
        public PauseLimit pauseLimit() {
            long trained = Math.max(warmupPreferences, preferencesPerCheckpoint);
            return new PauseLimit(
                    TRAINER, (long) Math.ceil(trained / (1 - heldOutShare)), batch, 0.5);
        }

        Map<String, Object> facts() {
            return Map.of(
                    "referenceVersion", referenceVersion,
                    "seed", seed,
                    "batch", batch,
                    "warmupPreferences", warmupPreferences,
                    "preferencesPerCheckpoint", preferencesPerCheckpoint,
                    "learningRate", learningRate,
                    "schedule", schedule.toString(),
                    "heldOutShare", heldOutShare,
                    "tensorThreads", tensorThreads);
        }
    }

    /// Trains until {@link #close}, or until a recorded log has been used up.
    public void run() {
        TensorThread.prepare(settings.tensorThreads());
        TrainerIdentity identity =
                TrainerIdentity.of(
                        settings.policy(),
                        CheckpointRole.REWARD_MODEL,
                        TRAINER,
                        Topic.PREFERENCES,
                        settings.seed());
        try (CheckpointFollower follower = workshop.follower()) {
            Optional<Checkpoint> policy =
                    new Lineage(follower, settings.policy(), CheckpointRole.POLICY)
                            .await(settings.referenceVersion(), () -> stopped);
            if (policy.isEmpty()) {
                return;
            }
            try (Tokenizer tokenizer = workshop.tokenizer(policy.get())) {
                Staging staging = new Staging(workshop, identity, tokenizer);
                workshop.session(follower, identity, settings.batch(), settings.pace())
                        .run(start -> trainee(start, policy.get(), staging), () -> stopped);
            }
        }
    }

    private TrainingSession.Trainee<Preference, AcceptedPreference> trainee(
            TrainingSession.Start start, Checkpoint policy, Staging staging) {
        Supplier<List<OffsetRange>> rolloutsEnd = new RolloutsEnd(workshop.connection())::ranges;
        RewardModelLearner learner =
                RewardModelLearner.at(start, settings, staging, policy, rolloutsEnd);
        TokenCheck tokens = staging.tokens(learner.shape());
        return new TrainingSession.Trainee<>(
                new PreferenceIntake(
                        workshop.codecs().codec(Topic.PREFERENCES),
                        tokens,
                        settings.policy(),
                        settings.referenceVersion(),
                        new HoldOut(settings.heldOutShare())),
                learner);
    }

    /// Stops before the next step; what was learned since the last version is learned again at the
    /// next start.
    @Override
    public void close() {
        stopped = true;
    }
}
