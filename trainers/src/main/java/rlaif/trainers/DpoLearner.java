package rlaif.trainers;

import java.nio.file.Path;
import java.util.Map;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.TrainingStep;
import rlaif.models.AdamW;
import rlaif.models.CheckpointStore;
import rlaif.models.ModelShape;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.trainers.dpo.DpoSettings;
import rlaif.trainers.dpo.DpoUpdate;
import rlaif.trainers.loop.Batch;
import rlaif.trainers.loop.Learner;
import rlaif.trainers.loop.ManifestFacts;
import rlaif.trainers.loop.Standing;
import rlaif.trainers.loop.TrainerIdentity;

/// The policy in training on preferences, with its reference and its optimizer.
final class DpoLearner implements Learner<AcceptedPreference> {
    private static final String OPTIMIZER = "policy-optimizer";

    private final DpoTrainer.Settings settings;
    private final TrainerIdentity identity;
    private final CheckpointStore store;
    private final Tokenizer tokenizer;
    private final Footprint footprint;
    private final TrainedModel trained;
    private final Transformer policy;
    private final Transformer reference;
    private final AdamW optimizer;
    private final DpoUpdate update;
    private long policyVersion;
    private int stepsSinceCheckpoint;
    private Map<String, Double> lastMetrics = Map.of();

    private DpoLearner(
            DpoTrainer.Settings settings,
            TrainerIdentity identity,
            CheckpointStore store,
            Tokenizer tokenizer,
            Footprint footprint,
            TrainedModel trained,
            Transformer reference) {
        this.settings = settings;
        this.identity = identity;
        this.store = store;
        this.tokenizer = tokenizer;
        this.footprint = footprint;
        this.trained = trained;
        this.policy = trained.model();
        this.reference = reference;
        this.optimizer = new AdamW(policy, DpoSettings.ADAM);
        this.update =
                new DpoUpdate(
                        policy, optimizer, reference, settings.dpo(), footprint.microBatching());
    }

    /// The learner as it was when it announced `head`, or a new one that starts there.
    ///
    /// @param resumed whether `head` was trained on preferences, so that the optimizer lies in it
    static DpoLearner at(
            Checkpoint head,
            boolean resumed,
            Checkpoint reference,
            DpoTrainer.Settings settings,
            Footprint footprint,
            TrainerIdentity identity,
            CheckpointStore store,
            Tokenizer tokenizer) {
        TrainedModel policy =
                resumed
                        ? TrainedModel.resumed(store, head, footprint.weights())
                        : TrainedModel.policy(store, head, footprint.weights(), settings.seed());
        Path folder = store.open(head.getUri(), head.getDigest());
        DpoLearner learner =
                new DpoLearner(
                        settings,
                        identity,
                        store,
                        tokenizer,
                        footprint,
                        policy,
                        policy.base(reference)
                                .orElseGet(() ->
                                        Transformer.load(
                                                store.open(
                                                        reference.getUri(),
                                                        reference.getDigest()))));
        learner.policyVersion = head.getVersion();
        if (resumed) {
            learner.optimizer.load(folder.resolve("trainer").resolve(OPTIMIZER));
        }
        return learner;
    }

    ModelShape shape() {
        return policy.shape();
    }

    /// The version that the next step trains.
    long policyVersion() {
        return policyVersion;
    }

    @Override
    public TrainingStep learn(long step, Batch<AcceptedPreference> batch) {
        lastMetrics =
                update.update(
                        batch.examples().stream().map(AcceptedPreference::pair).toList(),
                        settings.schedule().factor(step));
        stepsSinceCheckpoint++;
        return TrainingStep.newBuilder()
                .setPolicyVersion(policyVersion)
                .setReferenceVersion(settings.referenceVersion())
                .setMetrics(lastMetrics)
                .build();
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
                        trained.facts(
                                ManifestFacts.of(
                                        identity,
                                        version,
                                        standing,
                                        footprint.facts(settings.facts()))),
                        trainer -> {
                            trained.save(trainer);
                            optimizer.save(trainer.resolve(OPTIMIZER));
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
        optimizer.close();
        reference.close();
        trained.close();
    }
}
