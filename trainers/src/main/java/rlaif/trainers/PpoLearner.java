package rlaif.trainers;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rlaif.events.Checkpoint;
import rlaif.events.TrainingStep;
import rlaif.models.AdamW;
import rlaif.models.CheckpointStore;
import rlaif.models.ModelShape;
import rlaif.models.Transformer;
import rlaif.trainers.grouped.GroupObjective;
import rlaif.trainers.grouped.GroupedUpdate;
import rlaif.trainers.grouped.Grpo;
import rlaif.trainers.grouped.Rloo;
import rlaif.trainers.loop.Batch;
import rlaif.trainers.loop.Learner;
import rlaif.trainers.loop.Standing;
import rlaif.trainers.ppo.PolicyUpdate;
import rlaif.trainers.ppo.PpoSettings;
import rlaif.trainers.ppo.PpoUpdate;
import rlaif.trainers.ppo.ScoredSequence;

/// The policy in training with its reference, its optimizer, and with PPO its value model.
final class PpoLearner implements Learner<AcceptedRollout> {
    private static final String POLICY_OPTIMIZER = "policy-optimizer";

    private final PpoTrainer.Settings settings;
    private final Staging staging;
    private final TrainedModel trainedPolicy;
    private final Transformer policy;
    private final Transformer reference;
    private final AdamW policyOptimizer;
    private final Optional<Critic> critic;
    private final PolicyUpdate update;
    private long policyVersion;
    private int stepsSinceCheckpoint;
    private Map<String, Double> lastMetrics = Map.of();

    /// Which announced checkpoints training goes on from.
    ///
    /// @param resumed whether `head` was trained on the same topic, so that optimizer and value
    ///   model lie in it
    /// @param valueOrigin whose weights the value model began with
    record Start(Checkpoint head, boolean resumed, Checkpoint reference, Checkpoint valueOrigin) {}

    private PpoLearner(
            PpoTrainer.Settings settings,
            Staging staging,
            TrainedModel trainedPolicy,
            Transformer reference,
            Optional<Critic> critic) {
        this.settings = settings;
        this.staging = staging;
        this.trainedPolicy = trainedPolicy;
        this.policy = trainedPolicy.model();
        this.reference = reference;
        this.policyOptimizer = new AdamW(policy, PpoSettings.ADAM);
        this.critic = critic;
        this.update =
                switch (settings.algorithm()) {
                    case PPO -> ppo(critic.orElseThrow());
                    case RLOO -> grouped(new Rloo());
                    case GRPO -> grouped(new Grpo());
                };
    }

    private PolicyUpdate ppo(Critic critic) {
        return new PpoUpdate(
                policy,
                policyOptimizer,
                reference,
                critic.model(),
                critic.optimizer(),
                settings.ppo(),
                staging.microBatching());
    }

    private PolicyUpdate grouped(GroupObjective objective) {
        return new GroupedUpdate(
                objective,
                policy,
                policyOptimizer,
                reference,
                settings.ppo(),
                staging.microBatching());
    }

    /// The learner at `start`: as it was when it announced the head, or new.
    static PpoLearner at(Start start, PpoTrainer.Settings settings, Staging staging) {
        Workshop workshop = staging.workshop();
        CheckpointStore store = workshop.store();
        TrainedWeights weights = workshop.footprint().weights();
        TrainedModel policy =
                start.resumed()
                        ? TrainedModel.resumed(store, start.head(), weights)
                        : TrainedModel.likeCheckpoint(
                                store, start.head(), weights, settings.seed());
        PpoLearner learner =
                new PpoLearner(
                        settings,
                        staging,
                        policy,
                        policy.base(start.reference())
                                .orElseGet(
                                        () -> Transformer.load(workshop.open(start.reference()))),
                        settings.algorithm().hasCritic()
                                ? Optional.of(
                                        new Critic(
                                                TrainedModel.valueModel(
                                                        store,
                                                        start.valueOrigin(),
                                                        weights,
                                                        settings.seed() + 1,
                                                        policy)))
                                : Optional.empty());
        learner.policyVersion = start.head().getVersion();
        if (start.resumed()) {
            try {
                learner.restore(workshop.trainerFiles(start.head()));
            } catch (RuntimeException e) {
                learner.close();
                throw e;
            }
        }
        return learner;
    }

    private void restore(Path trainerFiles) {
        critic.ifPresent(it -> it.load(trainerFiles));
        policyOptimizer.load(trainerFiles.resolve(POLICY_OPTIMIZER));
        update.frame().restoreBeta(KlCoefficient.load(trainerFiles, settings.ppo().kl().beta()));
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
        if (!settings.algorithm().hasCritic()) {
            lastMetrics.putAll(ScorerMix.of(batch.examples()));
        }
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
        return staging.stage(
                        trainedPolicy,
                        version,
                        standing,
                        settings.facts(),
                        trainer -> {
                            policyOptimizer.save(trainer.resolve(POLICY_OPTIMIZER));
                            critic.ifPresent(it -> it.save(trainer));
                            KlCoefficient.save(trainer, update.frame().beta());
                        })
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
        policyOptimizer.close();
        critic.ifPresent(Critic::close);
        reference.close();
        trainedPolicy.close();
    }
}
