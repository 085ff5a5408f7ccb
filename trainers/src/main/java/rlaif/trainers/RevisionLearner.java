package rlaif.trainers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import rlaif.events.Checkpoint;
import rlaif.events.TrainingStep;
import rlaif.models.AdamW;
import rlaif.models.ModelShape;
import rlaif.models.Transformer;
import rlaif.trainers.loop.Batch;
import rlaif.trainers.loop.Learner;
import rlaif.trainers.loop.Standing;
import rlaif.trainers.sft.SftUpdate;
import rlaif.trainers.sft.SupervisedExample;

/// The policy in supervised training on its revisions, mixed with helpful demonstrations.
final class RevisionLearner implements Learner<AcceptedRevision> {
    private static final String OPTIMIZER = "optimizer";

    private final RevisionTrainer.Settings settings;
    private final Staging staging;
    private final TrainedModel trained;
    private final Transformer policy;
    private final AdamW optimizer;
    private final SftUpdate update;
    private final LearningRateSchedule schedule;
    private final HelpfulExamples helpful;
    private final RevisionTrainer.Progress progress;
    private long policyVersion;
    private long revisions;
    private long revisionsAtCheckpoint;
    private Map<String, Double> lastMetrics = Map.of();

    private RevisionLearner(
            RevisionTrainer.Settings settings,
            Staging staging,
            TrainedModel trained,
            Demonstrations demonstrations,
            RevisionTrainer.Progress progress) {
        this.settings = settings;
        this.staging = staging;
        this.trained = trained;
        this.policy = trained.model();
        this.progress = progress;
        this.optimizer = new AdamW(policy, SupervisedTraining.ADAM);
        this.update = new SftUpdate(policy, optimizer, staging.microBatching());
        this.schedule = settings.schedule();
        this.helpful =
                new HelpfulExamples(
                        settings.helpfulShare() == 0
                                ? List.of()
                                : DemonstrationTokens.of(
                                        demonstrations,
                                        staging.tokenizer(),
                                        policy.shape(),
                                        staging.workshop().footprint().maxTokens()),
                        settings.seed());
    }

    /// The learner that goes on from the announced `head`; with its optimizer and counts where
    /// `resumed`.
    static RevisionLearner at(
            Checkpoint head,
            boolean resumed,
            RevisionTrainer.Settings settings,
            Staging staging,
            Demonstrations demonstrations,
            RevisionTrainer.Progress progress) {
        Workshop workshop = staging.workshop();
        TrainedWeights weights = workshop.footprint().weights();
        RevisionLearner learner =
                new RevisionLearner(
                        settings,
                        staging,
                        resumed
                                ? TrainedModel.resumed(workshop.store(), head, weights)
                                : TrainedModel.likeCheckpoint(
                                        workshop.store(), head, weights, settings.seed()),
                        demonstrations,
                        progress);
        learner.policyVersion = head.getVersion();
        if (resumed) {
            Path trainer = workshop.trainerFiles(head);
            learner.optimizer.load(trainer.resolve(OPTIMIZER));
            RevisionProgress before = RevisionProgress.load(trainer.resolve(RevisionProgress.FILE));
            learner.revisions = before.revisions();
            learner.revisionsAtCheckpoint = before.revisions();
            learner.helpful.skip(before.helpful());
        }
        learner.tellAwaited();
        return learner;
    }

    private void tellAwaited() {
        progress.awaits(settings.awaited(policyVersion, revisions));
    }

    ModelShape shape() {
        return policy.shape();
    }

    @Override
    public TrainingStep learn(long step, Batch<AcceptedRevision> batch) {
        List<SupervisedExample> examples = new ArrayList<>();
        batch.examples().forEach(revision -> examples.addAll(revision.examples()));
        int revised = examples.size();
        examples.addAll(helpful.next(settings.helpfulBeside(revised)));
        lastMetrics =
                new HashMap<>(
                        update.update(examples, settings.learningRate() * schedule.factor(step)));
        lastMetrics.put("examples/revised", (double) revised);
        lastMetrics.put("examples/helpful", (double) (examples.size() - revised));
        revisions += batch.examples().size();
        progress.stepped(
                revisions, settings.revisions(), lastMetrics.getOrDefault("loss", Double.NaN));
        return TrainingStep.newBuilder()
                .setPolicyVersion(policyVersion)
                .setMetrics(lastMetrics)
                .build();
    }

    @Override
    public boolean checkpointDue() {
        return revisions - revisionsAtCheckpoint
                >= settings.awaited(policyVersion, revisionsAtCheckpoint);
    }

    @Override
    public Checkpoint stage(long version, Standing standing) {
        return staging.stage(
                        trained,
                        version,
                        standing,
                        settings.facts(),
                        trainer -> {
                            optimizer.save(trainer.resolve(OPTIMIZER));
                            new RevisionProgress(revisions, helpful.drawn())
                                    .save(trainer.resolve(RevisionProgress.FILE));
                        })
                .setMetrics(lastMetrics)
                .build();
    }

    @Override
    public void announced(Checkpoint checkpoint) {
        policyVersion = checkpoint.getVersion();
        revisionsAtCheckpoint = revisions;
        tellAwaited();
    }

    @Override
    public boolean finished() {
        return revisions >= settings.revisions();
    }

    @Override
    public void close() {
        optimizer.close();
        trained.close();
    }
}
