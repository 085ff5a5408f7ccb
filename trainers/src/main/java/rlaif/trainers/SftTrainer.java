package rlaif.trainers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.TrainingStep;
import rlaif.models.CheckpointStore;
import rlaif.models.Head;
import rlaif.models.ModelFolderException;
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
import rlaif.trainers.sft.SupervisedExample;

/// The worker that announces policy version 0: trained on demonstrations, from random weights or
/// from an existing model, or that model taken as it is.
///
/// Ends at once where version 0 is already announced. Killed in the middle, it goes on from where
/// it last wrote down where it stood, or starts again from the seed, and makes the same weights.
public final class SftTrainer implements AutoCloseable {
    private static final String TRAINER = Role.TRAIN_SFT.id();

    private final Workshop workshop;
    private final PolicyOrigin origin;
    private final Settings settings;
    private final Progress progress;
    private Notes notes = new Notes(Path.of(""), 0);
    private volatile boolean stopped;

    /// Where and how often training writes down where it stands.
    ///
    /// @param everySteps 0: never
    private record Notes(Path folder, long everySteps) {
        private void clear() {
            if (everySteps > 0) {
                new SupervisedStanding(folder, "").clear();
            }
        }
    }

    /// @param workshop whose micro-batches divide a step; from random weights SFT trains every
    ///   weight, of an existing model those that the footprint says
    /// @param progress told after each optimizer step, on the training thread
    public SftTrainer(
            Workshop workshop, PolicyOrigin origin, Settings settings, Progress progress) {
        this.workshop = workshop;
        this.origin = origin;
        this.settings = settings;
        this.progress = progress;
    }

    /// This trainer, writing down where it stands every so many steps, so that a kill repeats no
    /// more than those; it changes no weight. Default: never.
    ///
    /// @param folder nobody else writes to
    public SftTrainer resumable(Path folder, long everySteps) {
        Bounds.atLeast("sft stepsPerCheckpoint", everySteps, 1);
        notes = new Notes(folder, everySteps);
        return this;
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
            if (isAnnounced(lineage)) {
                return;
            }
            lineage.requireFirstOfItsTopics();
            try (Publisher publisher =
                    new Publisher(workshop.connection(), workshop.codecs(), identity, lineage)) {
                if (isAnnounced(lineage)) { // by a trainer that was just committing it
                    return;
                }
                switch (origin) {
                    case PolicyOrigin.Adopted adopted -> adopt(adopted, identity, publisher);
                    case PolicyOrigin.Trained trained -> train(trained, identity, publisher);
                    case PolicyOrigin.FineTuned tuned -> fineTune(tuned, identity, publisher);
                }
            }
        }
    }

    private boolean isAnnounced(Lineage lineage) {
        boolean announced = lineage.head().isPresent();
        if (announced) {
            notes.clear();
        }
        return announced;
    }

    private void adopt(
            PolicyOrigin.Adopted adopted, TrainerIdentity identity, Publisher publisher) {
        try (Transformer policy = languageModel(adopted.modelFolder());
                Tokenizer tokenizer = Tokenizer.load(adopted.modelFolder())) {
            PolicyOrigin.requireFit(tokenizer, policy.shape(), adopted.modelFolder().toString());
            announce(policy, tokenizer, identity, facts(), List.of(), publisher);
        }
    }

    private static Transformer languageModel(Path folder) {
        Transformer model = Transformer.loadFinite(folder);
        if (model.head() != Head.LANGUAGE_MODEL) {
            model.close();
            throw new ModelFolderException(
                    folder, "is a reward model; a policy needs a language-model head");
        }
        return model;
    }

    private void train(
            PolicyOrigin.Trained trained, TrainerIdentity identity, Publisher publisher) {
        try (Transformer policy =
                Transformer.random(trained.shape(), Head.LANGUAGE_MODEL, settings.seed())) {
            train(policy, trained.demonstrations(), trained.tokenizer(), "random weights")
                    .ifPresent(metrics ->
                            announce(
                                    policy,
                                    trained.tokenizer(),
                                    identity,
                                    facts(),
                                    metrics,
                                    publisher));
        }
    }

    private void fineTune(
            PolicyOrigin.FineTuned origin, TrainerIdentity identity, Publisher publisher) {
        Path folder = origin.modelFolder();
        try (Transformer base = languageModel(folder);
                Tokenizer tokenizer = Tokenizer.load(folder)) {
            PolicyOrigin.requireFit(tokenizer, base.shape(), folder.toString());
            String weights = weightsIn(folder);
            Map<String, Object> facts = workshop.footprint().facts(facts());
            facts.put("model", folder.toString());
            switch (workshop.footprint().weights()) {
                case TrainedWeights.Every() ->
                        train(base, origin.demonstrations(), tokenizer, weights)
                                .ifPresent(metrics ->
                                        announce(
                                                base, tokenizer, identity, facts, metrics,
                                                publisher));
                case TrainedWeights.Adapters(var shape) -> {
                    try (Transformer adapted = base.adapted(shape, settings.seed())) {
                        train(adapted, origin.demonstrations(), tokenizer, weights + shape)
                                .ifPresent(metrics -> {
                                    try (Transformer merged = adapted.copy()) {
                                        announce(
                                                merged, tokenizer, identity, facts, metrics,
                                                publisher);
                                    }
                                });
                    }
                }
            }
        }
    }

    /// Which weights lie in a folder, as far as can be told without reading them.
    private static String weightsIn(Path folder) {
        StringBuilder weights = new StringBuilder(folder.toString());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.safetensors")) {
            for (Path file : files) {
                weights.append(
                        " %s %d %s"
                                .formatted(
                                        file.getFileName(),
                                        Files.size(file),
                                        Files.getLastModifiedTime(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
        return weights.toString();
    }

    /// Trains in place; empty: stopped before the end.
    ///
    /// @param beginning what the policy is before
    private Optional<List<Map<String, Double>>> train(
            Transformer policy,
            Demonstrations demonstrations,
            Tokenizer tokenizer,
            String beginning) {
        List<SupervisedExample> examples =
                DemonstrationTokens.of(
                        demonstrations,
                        tokenizer,
                        policy.shape(),
                        workshop.footprint().maxTokens());
        SupervisedTraining.Cadence cadence =
                new SupervisedTraining.Cadence(
                        new SupervisedStanding(
                                notes.folder(),
                                "%s, %s, %s, %s, %s, %d examples of hash %016x"
                                        .formatted(
                                                settings,
                                                beginning,
                                                policy.shape(),
                                                tokenizer.digest(),
                                                workshop.footprint(),
                                                examples.size(),
                                                hash(examples))),
                        notes.everySteps());
        return new SupervisedTraining(
                        policy, examples, settings, workshop.footprint().microBatching(), progress)
                .train(cadence, () -> stopped);
    }

    private static long hash(List<SupervisedExample> examples) {
        long hash = 1;
        for (SupervisedExample example : examples) {
            hash = 31 * hash + Arrays.hashCode(example.prompt());
            hash = 31 * hash + Arrays.hashCode(example.completion());
        }
        return hash;
    }

    private void announce(
            Transformer policy,
            Tokenizer tokenizer,
            TrainerIdentity identity,
            Map<String, Object> facts,
            List<Map<String, Double>> metrics,
            Publisher publisher) {
        CheckpointStore store = workshop.storeOf(identity);
        CheckpointStore.Stored stored =
                store.save(
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
        store.announced(checkpoint.getUri());
        notes.clear();
    }

    private Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("policy", settings.policy());
        facts.put("trainer", TRAINER);
        facts.put("seed", settings.seed());
        facts.put("settings", settings.toString());
        MicroBatching microBatching = workshop.footprint().microBatching();
        if (microBatching.maxTokens() != MicroBatching.UNDIVIDED) {
            facts.put("microBatchTokens", microBatching.maxTokens());
        }
        return facts;
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
