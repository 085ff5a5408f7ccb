package rlaif.trainers;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.Revision;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Role;
import rlaif.topics.Topic;
import rlaif.trainers.loop.Lineage;
import rlaif.trainers.loop.Pace;
import rlaif.trainers.loop.TrainerIdentity;
import rlaif.trainers.loop.TrainingSession;

/// The worker that makes the SL-CAI policy: SFT of policy version 0 on `revisions` as they come,
/// mixed with helpful demonstrations, one epoch over the stream.
///
/// Announces policy 1, or as many versions as its settings cut the revisions into, and ends; the
/// last is what reinforcement learning starts from and keeps as its reference. Ends at once where
/// that is announced already.
public final class RevisionTrainer implements AutoCloseable {
    static final String TRAINER = Role.TRAIN_SFT.id();

    private final Workshop workshop;
    private final Demonstrations helpful;
    private final Settings settings;
    private final Progress progress;
    private volatile boolean stopped;

    /// @param helpful demonstrations mixed in; not read where their share is 0
    /// @param progress told after each optimizer step, on the training thread
    public RevisionTrainer(
            Workshop workshop, Demonstrations helpful, Settings settings, Progress progress) {
        this.workshop = workshop;
        this.helpful = helpful;
        this.settings = settings;
        this.progress = progress;
    }

    /// What SFT on revisions can be told.
    ///
    /// @param policy name of the policy
    /// @param seed of the order of demonstrations
    /// @param batch revisions a step; default 16
    /// @param revisions trained on in all; default 4096
    /// @param revisionsPerCheckpoint trained on between two versions; default 4096
    /// @param rounds which rounds of each are trained on; default all
    /// @param helpfulShare share of demonstrations among the examples of a step, in [0, 1); default
    ///   0.5
    /// @param learningRate highest, half of what the policy was first trained with; rises over ten
    ///   steps and falls linearly to 0; default 2.5e-3
    /// @param tensorThreads threads that compute; another count gives other weights
    /// @param pace default live
    public record Settings(
            String policy,
            long seed,
            int batch,
            long revisions,
            long revisionsPerCheckpoint,
            TrainedRounds rounds,
            double helpfulShare,
            double learningRate,
            int tensorThreads,
            Pace pace) {
        private static final long WARMUP_STEPS = 10;

        public Settings {
            Bounds.name("policy", policy);
            Bounds.atLeast("slCai.batch", batch, 1);
            Bounds.atLeast("slCai.revisions", revisions, batch);
            Bounds.atLeast("slCai.revisionsPerCheckpoint", revisionsPerCheckpoint, batch);
            Bounds.above("slCai.learningRate", learningRate, 0);
            Bounds.atLeast("slCai.tensorThreads", tensorThreads, 1);
            if (!(helpfulShare >= 0 && helpfulShare < 1)) {
                throw new IllegalArgumentException(
                        "slCai.helpfulShare must lie in [0, 1), got " + helpfulShare);
            }
        }

        /// The defaults above on two threads.
        public static Settings defaults(String policy, long seed) {
            return new Settings(
                    policy, seed, 16, 4096, 4096, TrainedRounds.ALL, 0.5, 2.5e-3, 2, Pace.live());
        }

        /// The last version that it announces: the SL-CAI policy.
        public long lastVersion() {
            long stepsPerCheckpoint = ceilDiv(revisionsPerCheckpoint, batch);
            return ceilDiv(steps(), stepsPerCheckpoint);
        }

        /// Refuses a version under the number of the last one that SL-CAI has not ended with:
        /// reinforcement learning would start from an unfinished policy. Streams of before this was
        /// recorded do not say who announced a version; no one but its trainer did.
        void requireOwn(Checkpoint last) {
            boolean own = Set.of(TRAINER, "").contains(last.getAnnouncedBy());
            if (!own || last.getRestores() != null) {
                throw new CheckpointRefusedException(
                        "SL-CAI of policy '%s' was to end with version %d, which %s has announced before it%s. Set slCai.revisionsPerCheckpoint lower, so that it ends with a later version"
                                .formatted(
                                        policy,
                                        last.getVersion(),
                                        last.getAnnouncedBy(),
                                        last.getRestores() == null
                                                ? ""
                                                : " with the weights of version "
                                                        + last.getRestores()));
            }
        }

        /// Revisions that the version after this one needs beyond the `trained` ones. The number of
        /// the last version is kept for the end: a rollback may have taken one before it.
        long awaited(long version, long trained) {
            long missing = revisions - trained;
            long next =
                    version + 1 < lastVersion()
                            ? Math.min(missing, revisionsPerCheckpoint)
                            : missing;
            return ceilDiv(next, batch) * batch;
        }

        private long steps() {
            return ceilDiv(revisions, batch);
        }

        private static long ceilDiv(long dividend, long divisor) {
            return (dividend + divisor - 1) / divisor;
        }

        LearningRateSchedule schedule() {
            return new LearningRateSchedule.LinearDecay(
                    Math.min(WARMUP_STEPS, steps() - 1), steps());
        }

        /// Demonstrations beside this many revised examples.
        long helpfulBeside(int revised) {
            return Math.round(revised * helpfulShare / (1 - helpfulShare));
        }

        Map<String, Object> facts() {
            return Map.of(
                    "seed", seed,
                    "batch", batch,
                    "revisions", revisions,
                    "revisionsPerCheckpoint", revisionsPerCheckpoint,
                    "rounds", rounds.toString(),
                    "helpfulShare", helpfulShare,
                    "learningRate", learningRate,
                    "tensorThreads", tensorThreads);
        }
    }

    /// How far SFT on revisions has come.
    @FunctionalInterface
    public interface Progress {
        /// @param revisions trained on so far
        /// @param loss nats a completion token
        void stepped(long revisions, long all, double loss);

        /// Told at the start and after each version.
        ///
        /// @param revisions which the next version needs beyond those that the last one was trained
        ///   on; 0: there is no next
        default void awaits(long revisions) {}

        /// Told at every revision that is left out, before that is on the stream, and once it is.
        ///
        /// @param revisions left out since the start, by code
        /// @param noLettersYet how many of these are no dead letters yet
        default void leavesOut(Map<String, Long> revisions, long noLettersYet) {}

        /// Told at the start where SL-CAI has ended with fewer revisions than its settings name.
        ///
        /// @param line which version and revisions these are, and what would help
        default void hasEndedShort(String line) {}
    }

    /// Trains until the last version is announced, {@link #close}, or the end of a recorded log.
    public void run() {
        TensorThread.prepare(settings.tensorThreads());
        TrainerIdentity identity =
                new TrainerIdentity(
                        settings.policy(),
                        CheckpointRole.POLICY,
                        TRAINER,
                        Topic.REVISIONS,
                        "%s.%s-revisions.%d"
                                .formatted(settings.policy(), TRAINER, settings.seed()));
        try (CheckpointFollower follower = workshop.follower()) {
            Lineage lineage = new Lineage(follower, settings.policy(), CheckpointRole.POLICY);
            Optional<Checkpoint> first = lineage.await(0, () -> stopped);
            if (first.isEmpty()) {
                return;
            }
            Optional<Checkpoint> last = last(lineage);
            if (last.isPresent()) {
                EndedSlCai.of(workshop, last.get(), lineage, settings)
                        .flatMap(EndedSlCai::shortage)
                        .ifPresent(progress::hasEndedShort);
                return;
            }
            try (Tokenizer tokenizer = workshop.tokenizer(first.get())) {
                Staging staging = new Staging(workshop, identity, tokenizer);
                workshop.session(follower, identity, settings.batch(), settings.pace())
                        .run(start -> trainee(start, lineage, first.get(), staging), () -> stopped);
            }
        }
    }

    /// The SL-CAI policy; empty: it is not announced yet.
    private Optional<Checkpoint> last(Lineage lineage) {
        Optional<Checkpoint> last = lineage.version(settings.lastVersion());
        last.ifPresent(settings::requireOwn);
        return last;
    }

    private TrainingSession.Trainee<Revision, AcceptedRevision> trainee(
            TrainingSession.Start start, Lineage lineage, Checkpoint first, Staging staging) {
        Optional<Checkpoint> _ = last(lineage);
        Tokenizer tokenizer = staging.tokenizer();
        RevisionLearner learner =
                RevisionLearner.at(
                        start.head().orElse(first),
                        start.resumed(),
                        settings,
                        staging,
                        helpful,
                        progress);
        return new TrainingSession.Trainee<>(
                new ToldRefusals(
                        new RevisionIntake(
                                workshop.codecs().codec(Topic.REVISIONS),
                                tokenizer,
                                staging.tokens(learner.shape()),
                                learner.shape().endTokenId(),
                                settings.policy(),
                                settings.rounds()),
                        progress::leavesOut),
                learner);
    }

    /// Stops before the next step; what was learned since the last version is learned again at the
    /// next start.
    @Override
    public void close() {
        stopped = true;
    }
}
