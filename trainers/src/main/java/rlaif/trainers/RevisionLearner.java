package rlaif.trainers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import rlaif.trainers.sft.SftUpdate;
import rlaif.trainers.sft.SupervisedExample;

/// The policy in supervised training on its revisions, mixed with helpful demonstrations.
final class RevisionLearner implements Learner<AcceptedRevision> {
    private static final String OPTIMIZER = "optimizer";
    private static final String PROGRESS = "progress.json";

    private final RevisionTrainer.Settings settings;
    private final TrainerIdentity identity;
    private final CheckpointStore store;
    private final Tokenizer tokenizer;
    private final Footprint footprint;
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
            TrainerIdentity identity,
            CheckpointStore store,
            Tokenizer tokenizer,
            Footprint footprint,
            TrainedModel trained,
            Demonstrations demonstrations,
            RevisionTrainer.Progress progress) {
        this.settings = settings;
        this.identity = identity;
        this.store = store;
        this.tokenizer = tokenizer;
        this.footprint = footprint;
        this.trained = trained;
        this.policy = trained.model();
        this.progress = progress;
        this.optimizer = new AdamW(policy, SupervisedTraining.ADAM);
        this.update = new SftUpdate(policy, optimizer, footprint.microBatching());
        this.schedule = settings.schedule();
        this.helpful =
                new HelpfulExamples(
                        settings.helpfulShare() == 0
                                ? List.of()
                                : DemonstrationTokens.of(demonstrations, tokenizer, policy.shape()),
                        settings.seed());
    }

    /// The learner that goes on from the announced `head`; with its optimizer and counts where
    /// `resumed`.
    static RevisionLearner at(
            Checkpoint head,
            boolean resumed,
            RevisionTrainer.Settings settings,
            TrainerIdentity identity,
            CheckpointStore store,
            Tokenizer tokenizer,
            Footprint footprint,
            Demonstrations demonstrations,
            RevisionTrainer.Progress progress) {
        Path folder = store.open(head.getUri(), head.getDigest());
        RevisionLearner learner =
                new RevisionLearner(
                        settings,
                        identity,
                        store,
                        tokenizer,
                        footprint,
                        resumed
                                ? TrainedModel.resumed(store, head, footprint.weights())
                                : TrainedModel.policy(
                                        store, head, footprint.weights(), settings.seed()),
                        demonstrations,
                        progress);
        learner.policyVersion = head.getVersion();
        if (resumed) {
            Path trainer = folder.resolve("trainer");
            learner.optimizer.load(trainer.resolve(OPTIMIZER));
            RevisionProgress before = RevisionProgress.load(trainer.resolve(PROGRESS));
            learner.revisions = before.revisions();
            learner.revisionsAtCheckpoint = before.revisions();
            learner.helpful.skip(before.helpful());
        }
        return learner;
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
        return finished() || revisions - revisionsAtCheckpoint >= settings.revisionsPerCheckpoint();
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
                            new RevisionProgress(revisions, helpful.drawn())
                                    .save(trainer.resolve(PROGRESS));
                        });
        return Checkpoint.newBuilder()
                .setUri(stored.uri())
                .setDigest(stored.digest())
                .setMetrics(lastMetrics)
                .build();
    }

    @Override
    public void announced(Checkpoint checkpoint) {
        policyVersion = checkpoint.getVersion();
        revisionsAtCheckpoint = revisions;
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
