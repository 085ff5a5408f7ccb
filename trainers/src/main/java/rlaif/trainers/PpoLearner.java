package rlaif.trainers;

import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.TrainingStep;
import rlaif.models.AdamW;
import rlaif.models.CheckpointStore;
import rlaif.models.ModelShape;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.trainers.loop.Batch;
import rlaif.trainers.loop.Learner;
import rlaif.trainers.loop.ManifestFacts;
import rlaif.trainers.loop.Standing;
import rlaif.trainers.loop.TrainerIdentity;
import rlaif.trainers.ppo.PpoSettings;
import rlaif.trainers.ppo.PpoUpdate;
import rlaif.trainers.ppo.ScoredSequence;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The policy in training with its reference, its value model and both optimizers.
final class PpoLearner implements Learner<AcceptedRollout> {
    private static final String POLICY_OPTIMIZER = "policy-optimizer";
    private static final String VALUE_OPTIMIZER = "value-optimizer";
    private static final String VALUE_WEIGHTS = "value-weights";

    private final PpoTrainer.Settings settings;
    private final TrainerIdentity identity;
    private final CheckpointStore store;
    private final Tokenizer tokenizer;
    private final Footprint footprint;
    private final TrainedModel trainedPolicy;
    private final TrainedModel trainedValueModel;
    private final Transformer policy;
    private final Transformer reference;
    private final Transformer valueModel;
    private final AdamW policyOptimizer;
    private final AdamW valueOptimizer;
    private final PpoUpdate update;
    private long policyVersion;
    private int stepsSinceCheckpoint;
    private Map<String, Double> lastMetrics = Map.of();

    /// Which announced checkpoints PPO goes on from.
    ///
    /// @param resumed whether `head` was trained by PPO, so that value model and optimizers lie in
    ///   it
    /// @param valueOrigin whose weights the value model began with
    record Start(Checkpoint head, boolean resumed, Checkpoint reference, Checkpoint valueOrigin) {}

    private PpoLearner(
            PpoTrainer.Settings settings,
            TrainerIdentity identity,
            CheckpointStore store,
            Tokenizer tokenizer,
            Footprint footprint,
            TrainedModel trainedPolicy,
            Transformer reference,
            TrainedModel trainedValueModel) {
        this.settings = settings;
        this.identity = identity;
        this.store = store;
        this.tokenizer = tokenizer;
        this.footprint = footprint;
        this.trainedPolicy = trainedPolicy;
        this.trainedValueModel = trainedValueModel;
        this.policy = trainedPolicy.model();
        this.reference = reference;
        this.valueModel = trainedValueModel.model();
        this.policyOptimizer = new AdamW(policy, PpoSettings.ADAM);
        this.valueOptimizer = new AdamW(valueModel, PpoSettings.ADAM);
        this.update =
                new PpoUpdate(
                        policy,
                        policyOptimizer,
                        reference,
                        valueModel,
                        valueOptimizer,
                        settings.ppo());
    }

    /// The learner at `start`: as it was when it announced the head, or new.
    static PpoLearner at(
            Start start,
            PpoTrainer.Settings settings,
            TrainerIdentity identity,
            CheckpointStore store,
            Tokenizer tokenizer,
            Footprint footprint) {
        Path head = open(store, start.head());
        TrainedWeights weights = footprint.weights();
        TrainedModel policy =
                start.resumed()
                        ? TrainedModel.resumed(store, start.head(), weights)
                        : TrainedModel.policy(store, start.head(), weights, settings.seed());
        PpoLearner learner =
                new PpoLearner(
                        settings,
                        identity,
                        store,
                        tokenizer,
                        footprint,
                        policy,
                        policy.base(start.reference())
                                .orElseGet(() -> Transformer.load(open(store, start.reference()))),
                        TrainedModel.valueModel(
                                store, start.valueOrigin(), weights, settings.seed() + 1, policy));
        learner.policyVersion = start.head().getVersion();
        if (start.resumed()) {
            Path trainer = head.resolve("trainer");
            FlatWeights.load(learner.valueModel, trainer.resolve(VALUE_WEIGHTS));
            learner.policyOptimizer.load(trainer.resolve(POLICY_OPTIMIZER));
            learner.valueOptimizer.load(trainer.resolve(VALUE_OPTIMIZER));
        }
        return learner;
    }

    private static Path open(CheckpointStore store, Checkpoint checkpoint) {
        return store.open(checkpoint.getUri(), checkpoint.getDigest());
    }

    ModelShape shape() {
        return policy.shape();
    }

    /// The version that the next step trains.
    long policyVersion() {
        return policyVersion;
    }

    @Override
    public TrainingStep learn(long step, Batch<AcceptedRollout> batch) {
        List<ScoredSequence> sequences =
                batch.examples().stream().map(AcceptedRollout::sequence).toList();
        lastMetrics = new HashMap<>(Staleness.of(batch.examples(), policyVersion));
        lastMetrics.putAll(
                update.update(sequences, shuffleSeed(step), settings.schedule().factor(step)));
        stepsSinceCheckpoint++;
        return TrainingStep.newBuilder()
                .setPolicyVersion(policyVersion)
                .setReferenceVersion(settings.referenceVersion())
                .setScorerVersions(scorerVersions(batch))
                .setMetrics(lastMetrics)
                .build();
    }

    /// Seeds of neighbouring steps differ in half of their bits.
    private long shuffleSeed(long step) {
        return (settings.seed() + step) * 0x9E3779B97F4A7C15L;
    }

    private static List<Long> scorerVersions(Batch<AcceptedRollout> batch) {
        return batch.examples().stream()
                .map(AcceptedRollout::scorerVersion)
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public boolean checkpointDue() {
        return stepsSinceCheckpoint >= settings.stepsPerCheckpoint();
    }

    @Override
    public Checkpoint stage(long version, Standing standing) {
        CheckpointStore.Stored stored =
                store.save(
                        TrainerIdentity.written(CheckpointRole.POLICY),
                        version,
                        policy,
                        tokenizer,
                        trainedPolicy.facts(
                                ManifestFacts.of(
                                        identity,
                                        version,
                                        standing,
                                        footprint.facts(settings.facts()))),
                        trainer -> {
                            trainedPolicy.save(trainer);
                            policyOptimizer.save(trainer.resolve(POLICY_OPTIMIZER));
                            valueOptimizer.save(trainer.resolve(VALUE_OPTIMIZER));
                            FlatWeights.save(valueModel, trainer.resolve(VALUE_WEIGHTS));
                        });
        return Checkpoint.newBuilder()
                .setReferenceVersion(settings.referenceVersion())
                .setUri(stored.uri())
                .setDigest(stored.digest())
                .setMetrics(lastMetrics)
                .build();
    }

    @Override
    public void announced(Checkpoint checkpoint) {
        policyVersion = checkpoint.getVersion();
        stepsSinceCheckpoint = 0;
    }

    @Override
    public boolean finished() {
        return policyVersion >= settings.lastVersion();
    }

    @Override
    public void close() {
        policyOptimizer.close();
        valueOptimizer.close();
        trainedValueModel.close();
        reference.close();
        trainedPolicy.close();
    }
}
