package rlaif.trainers;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.Preference;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Role;
import rlaif.topics.Topic;
import rlaif.trainers.dpo.DpoSettings;
import rlaif.trainers.loop.Lineage;
import rlaif.trainers.loop.Pace;
import rlaif.trainers.loop.TrainerIdentity;
import rlaif.trainers.loop.TrainingSession;

/// The worker that learns from `preferences` as they come and announces policy 1, 2, ...: without
/// scores, reward model or value model.
///
/// Waits for the policy version that stays its reference. Ends after the last version asked for;
/// what it has not consumed then stays above its committed offsets, in flight.
public final class DpoTrainer implements AutoCloseable {
    static final String TRAINER = Role.TRAIN_DPO.id();

    private final Workshop workshop;
    private final Settings settings;
    private volatile boolean stopped;

    public DpoTrainer(Workshop workshop, Settings settings) {
        this.workshop = workshop;
        this.settings = settings;
    }

    /// What this trainer can be told.
    ///
    /// @param policy name of the policy
    /// @param referenceVersion policy version that it starts from and keeps as its frozen
    ///   reference; default 0
    /// @param seed of the run's name; nothing else is drawn
    /// @param batch preferences a step; default 128
    /// @param stepsPerCheckpoint steps between two versions; default 1
    /// @param lastVersion after which it ends; default {@link PpoTrainer#NEVER_ENDS}
    /// @param maxStaleness versions by which a pair's oldest token may trail; default 8
    /// @param dpo the arithmetic
    /// @param schedule of the learning rate over steps; default constant
    /// @param tensorThreads threads that compute; another count gives other weights
    /// @param pace default live
    public record Settings(
            String policy,
            long referenceVersion,
            long seed,
            int batch,
            int stepsPerCheckpoint,
            long lastVersion,
            int maxStaleness,
            DpoSettings dpo,
            LearningRateSchedule schedule,
            int tensorThreads,
            Pace pace) {
        public Settings {
            Bounds.name("policy", policy);
            Bounds.atLeast("dpo.referenceVersion", referenceVersion, 0);
            Bounds.atLeast("dpo.batch", batch, dpo.minibatches());
            Bounds.atLeast("dpo.stepsPerCheckpoint", stepsPerCheckpoint, 1);
            Bounds.atLeast("dpo.lastVersion", lastVersion, 1);
            Bounds.atLeast("dpo.maxStaleness", maxStaleness, 0);
            Bounds.atLeast("dpo.tensorThreads", tensorThreads, 1);
        }

        /// The defaults above on one thread.
        public static Settings defaults(String policy, long seed) {
            return new Settings(
                    policy,
                    0,
                    seed,
                    128,
                    1,
                    PpoTrainer.NEVER_ENDS,
                    8,
                    DpoSettings.defaults(),
                    new LearningRateSchedule.Constant(0),
                    1,
                    Pace.live());
        }

        /// What may wait for this trainer before sampling pauses, in preferences.
        public PauseLimit pauseLimit() {
            return new PauseLimit(TRAINER, (long) batch * stepsPerCheckpoint, batch, 0.5);
        }

        Map<String, Object> facts() {
            return new TreeMap<>(
                    Map.of(
                            "seed", seed,
                            "referenceVersion", referenceVersion,
                            "batch", batch,
                            "stepsPerCheckpoint", stepsPerCheckpoint,
                            "maxStaleness", maxStaleness,
                            "dpo", dpo.toString(),
                            "schedule", schedule.toString(),
                            "tensorThreads", tensorThreads));
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
                        Topic.PREFERENCES,
                        settings.seed());
        try (CheckpointFollower follower = workshop.follower()) {
            Lineage policies = new Lineage(follower, settings.policy(), CheckpointRole.POLICY);
            Optional<Checkpoint> reference =
                    policies.await(settings.referenceVersion(), () -> stopped);
            if (reference.isEmpty() || finished(policies)) {
                return;
            }
            try (Tokenizer tokenizer = workshop.tokenizer(reference.get())) {
                Staging staging = new Staging(workshop, identity, tokenizer);
                workshop.session(follower, identity, settings.batch(), settings.pace())
                        .run(start -> trainee(start, reference.get(), staging), () -> stopped);
            }
        }
    }

    private boolean finished(Lineage policies) {
        return policies.head().orElseThrow().getVersion() >= settings.lastVersion();
    }

    private TrainingSession.Trainee<Preference, AcceptedPreference> trainee(
            TrainingSession.Start start, Checkpoint reference, Staging staging) {
        DpoLearner learner =
                DpoLearner.at(
                        start.head().orElse(reference),
                        start.resumed(),
                        reference,
                        settings,
                        staging);
        return new TrainingSession.Trainee<>(
                new DpoIntake(
                        new PreferenceIntake(
                                workshop.codecs().codec(Topic.PREFERENCES),
                                staging.tokens(learner.shape()),
                                settings.policy(),
                                settings.referenceVersion(),
                                new HoldOut(0)),
                        settings.maxStaleness(),
                        learner::policyVersion),
                learner);
    }

    /// Stops before the next step; what was learned since the last version is learned again at the
    /// next start.
    @Override
    public void close() {
        stopped = true;
    }
}
