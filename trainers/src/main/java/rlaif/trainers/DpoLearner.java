package rlaif.trainers;

import java.util.Map;
import rlaif.events.Checkpoint;
import rlaif.events.TrainingStep;
import rlaif.models.AdamW;
import rlaif.models.ModelShape;
import rlaif.models.Transformer;
import rlaif.trainers.dpo.DpoSettings;
import rlaif.trainers.dpo.DpoUpdate;
import rlaif.trainers.loop.Batch;
import rlaif.trainers.loop.Learner;
import rlaif.trainers.loop.Standing;

/// The policy in training on preferences, with its reference and its optimizer.
final class DpoLearner implements Learner<AcceptedPreference> {
    private static final String OPTIMIZER = "policy-optimizer";

    private final DpoTrainer.Settings settings;
    private final Staging staging;
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
            Staging staging,
            TrainedModel trained,
            Transformer reference) {
        this.settings = settings;
        this.staging = staging;
        this.trained = trained;
        this.policy = trained.model();
        this.reference = reference;
        this.optimizer = new AdamW(policy, DpoSettings.ADAM);
        this.update =
                new DpoUpdate(
                        policy, optimizer, reference, settings.dpo(), staging.microBatching());
    }

    /// The learner as it was when it announced `head`, or a new one that starts there.
    ///
    /// @param resumed whether `head` was trained on preferences, so that the optimizer lies in it
    static DpoLearner at(
            Checkpoint head,
            boolean resumed,
            Checkpoint reference,
            DpoTrainer.Settings settings,
            Staging staging) {
        Workshop workshop = staging.workshop();
        TrainedWeights weights = workshop.footprint().weights();
        TrainedModel policy =
                resumed
                        ? TrainedModel.resumed(workshop.store(), head, weights)
                        : TrainedModel.likeCheckpoint(
                                workshop.store(), head, weights, settings.seed());
        DpoLearner learner =
                new DpoLearner(
                        settings,
                        staging,
                        policy,
                        policy.base(reference)
                                .orElseGet(() -> Transformer.load(workshop.open(reference))));
        learner.policyVersion = head.getVersion();
        if (resumed) {
            learner.optimizer.load(workshop.trainerFiles(head).resolve(OPTIMIZER));
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
        return staging.stage(
                        trained,
                        version,
                        standing,
                        settings.facts(),
                        trainer -> optimizer.save(trainer.resolve(OPTIMIZER)))
                .setReferenceVersion(settings.referenceVersion())
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
