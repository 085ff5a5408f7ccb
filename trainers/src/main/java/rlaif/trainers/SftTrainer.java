package rlaif.trainers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.TrainingStep;
import rlaif.models.CheckpointStore;
import rlaif.models.Head;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Role;
import rlaif.topics.Topic;
import rlaif.trainers.batching.MicroBatching;
import rlaif.trainers.loop.Lineage;
import rlaif.trainers.loop.Publisher;
import rlaif.trainers.loop.TrainerIdentity;

/// The worker that announces policy version 0: trained on demonstrations, or an existing model
/// taken as it is.
///
/// Ends at once where version 0 is already announced. Killed in the middle, it starts again from
/// the seed and makes the same weights.
public final class SftTrainer implements AutoCloseable {
    private static final String TRAINER = Role.TRAIN_SFT.id();

    private final Workshop workshop;
    private final PolicyOrigin origin;
    private final Settings settings;
    private final Progress progress;
    private volatile boolean stopped;

    /// @param workshop whose micro-batches divide a step; SFT trains every weight
    /// @param progress told after each optimizer step, on the training thread
    public SftTrainer(
            Workshop workshop, PolicyOrigin origin, Settings settings, Progress progress) {
        this.workshop = workshop;
        this.origin = origin;
        this.settings = settings;
        this.progress = progress;
    }

    /// What SFT can be told.
    ///
    /// @param policy name under which versions are announced
    /// @param seed of weights and order
    /// @param steps optimizer steps; default 800
    /// @param batch demonstrations a step; default 64
    /// @param learningRate at the first step, falls linearly to 0; default 5e-3
    /// @param tensorThreads threads that compute; another count gives other weights
    public record Settings(
            String policy,
            long seed,
            long steps,
            int batch,
            double learningRate,
            int tensorThreads) {
        public Settings {
            Bounds.name("policy", policy);
            Bounds.atLeast("sft steps", steps, 1);
            Bounds.atLeast("sft batch", batch, 1);
            Bounds.above("sft learningRate", learningRate, 0);
            Bounds.atLeast("sft tensorThreads", tensorThreads, 1);
        }

        /// The defaults above on two threads.
        public static Settings defaults(String policy, long seed) {
            return new Settings(policy, seed, 800, 64, 5e-3, 2);
        }
    }

    /// How far SFT has come.
    @FunctionalInterface
    public interface Progress {
        /// @param loss nats a completion token
        void stepped(long step, long steps, double loss);
    }

    /// Announces version 0 and returns; returns without it only after {@link #close}.
    public void run() {
        TensorThread.prepare(settings.tensorThreads());
        TrainerIdentity identity =
                TrainerIdentity.of(
                        settings.policy(),
                        CheckpointRole.POLICY,
                        TRAINER,
                        Topic.PROMPTS,
                        settings.seed());
        try (CheckpointFollower follower = workshop.follower()) {
            Lineage lineage = new Lineage(follower, settings.policy(), CheckpointRole.POLICY);
            if (lineage.head().isPresent()) {
                return;
            }
            try (Publisher publisher =
                    new Publisher(workshop.connection(), workshop.codecs(), identity, lineage)) {
                switch (origin) {
                    case PolicyOrigin.Adopted adopted -> adopt(adopted, identity, publisher);
                    case PolicyOrigin.Trained trained -> train(trained, identity, publisher);
                }
            }
        }
    }

    private void adopt(
            PolicyOrigin.Adopted adopted, TrainerIdentity identity, Publisher publisher) {
        try (Transformer policy = Transformer.load(adopted.modelFolder());
                Tokenizer tokenizer = Tokenizer.load(adopted.modelFolder())) {
            if (policy.head() != Head.LANGUAGE_MODEL) {
                throw new IllegalArgumentException(
                        "%s is a reward model; a policy needs a language-model head"
                                .formatted(adopted.modelFolder()));
            }
            PolicyOrigin.requireFit(tokenizer, policy.shape(), adopted.modelFolder().toString());
            announce(policy, tokenizer, identity, List.of(), publisher);
        }
    }

    private void train(
            PolicyOrigin.Trained trained, TrainerIdentity identity, Publisher publisher) {
        SupervisedTraining training =
                new SupervisedTraining(
                        trained, settings, workshop.footprint().microBatching(), progress);
        training.train(() -> stopped)
                .ifPresent(result -> {
                    try (Transformer policy = result.policy()) {
                        announce(
                                policy, trained.tokenizer(), identity, result.metrics(), publisher);
                    }
                });
    }

    private void announce(
            Transformer policy,
            Tokenizer tokenizer,
            TrainerIdentity identity,
            List<Map<String, Double>> metrics,
            Publisher publisher) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("policy", settings.policy());
        facts.put("trainer", TRAINER);
        facts.put("seed", settings.seed());
        facts.put("settings", settings.toString());
        MicroBatching microBatching = workshop.footprint().microBatching();
        if (microBatching.maxTokens() != MicroBatching.UNDIVIDED) {
            facts.put("microBatchTokens", microBatching.maxTokens());
        }
        CheckpointStore.Stored stored =
                workshop.store()
                        .save(
                                TrainerIdentity.written(CheckpointRole.POLICY),
                                0,
                                policy,
                                tokenizer,
                                facts,
                                _ -> {});
        Checkpoint checkpoint =
                Checkpoint.newBuilder()
                        .setPolicy(settings.policy())
                        .setRole(CheckpointRole.POLICY)
                        .setVersion(0)
                        .setUri(stored.uri())
                        .setDigest(stored.digest())
                        .setRun(identity.run())
                        .setGeneration(0)
                        .setStep(metrics.size())
                        .setMetrics(metrics.isEmpty() ? Map.of() : metrics.getLast())
                        .setAnnouncedBy(TRAINER)
                        .build();
        publisher.publish(checkpoint, steps(identity, metrics));
    }

    private List<TrainingStep> steps(TrainerIdentity identity, List<Map<String, Double>> metrics) {
        List<TrainingStep> steps = new ArrayList<>();
        for (Map<String, Double> measured : metrics) {
            steps.add(
                    TrainingStep.newBuilder()
                            .setRun(identity.run())
                            .setPolicy(settings.policy())
                            .setTrainer(TRAINER)
                            .setGeneration(0)
                            .setStep(steps.size() + 1L)
                            .setRecords(settings.batch())
                            .setMetrics(measured)
                            .build());
        }
        return steps;
    }

    /// Stops before the next step; {@link #run} then returns without announcing.
    @Override
    public void close() {
        stopped = true;
    }
}
