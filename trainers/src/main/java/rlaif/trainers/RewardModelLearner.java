package rlaif.trainers;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import rlaif.events.Checkpoint;
import rlaif.events.OffsetRange;
import rlaif.events.TrainingStep;
import rlaif.models.AdamW;
import rlaif.models.ModelShape;
import rlaif.models.Transformer;
import rlaif.trainers.loop.Batch;
import rlaif.trainers.loop.Learner;
import rlaif.trainers.loop.Standing;
import rlaif.trainers.loop.TrainingSession;
import rlaif.trainers.reward.LabelledPair;
import rlaif.trainers.reward.RewardModelEvaluation;
import rlaif.trainers.reward.RewardModelUpdate;
import rlaif.trainers.reward.ScoreNormalisation;

/// The reward model in training: weights, optimizer, and what its scores are normalised and
/// measured on.
final class RewardModelLearner implements Learner<AcceptedPreference> {
    private static final String OPTIMIZER = "optimizer";
    private static final String PROGRESS = "progress.json";

    private final RewardModelTrainer.Settings settings;
    private final Staging staging;
    private final TrainedModel trained;
    private final Transformer rewardModel;
    private final AdamW optimizer;
    private final RewardModelUpdate update;
    private final Supplier<List<OffsetRange>> rolloutsEnd;
    private List<OffsetRange> scoreFrom = List.of();
    private RewardModelProgress progress;
    private long trainedAtCheckpoint;
    private boolean announcedOnce;
    private Map<String, Double> lastMetrics = Map.of();

    private RewardModelLearner(
            RewardModelTrainer.Settings settings,
            Staging staging,
            TrainedModel trained,
            Supplier<List<OffsetRange>> rolloutsEnd) {
        this.settings = settings;
        this.staging = staging;
        this.trained = trained;
        this.rewardModel = trained.model();
        this.rolloutsEnd = rolloutsEnd;
        this.optimizer = new AdamW(rewardModel, SupervisedTraining.ADAM);
        this.update = new RewardModelUpdate(rewardModel, optimizer, staging.microBatching());
        this.progress = RewardModelProgress.none();
    }

    /// The learner at `start`: as it was when it announced the head, or with the weights of the
    /// head alone, or new, from those of the announced `policy`.
    ///
    /// @param rolloutsEnd where `rollouts` ends when the first version is staged
    static RewardModelLearner at(
            TrainingSession.Start start,
            RewardModelTrainer.Settings settings,
            Staging staging,
            Checkpoint policy,
            Supplier<List<OffsetRange>> rolloutsEnd) {
        return start.head()
                .map(head ->
                        start.resumed()
                                ? resume(settings, staging, head, rolloutsEnd)
                                : fromWeights(settings, staging, head, rolloutsEnd))
                .orElseGet(() -> start(settings, staging, policy, rolloutsEnd));
    }

    /// A new one, from the weights of the announced `policy`.
    ///
    /// @param rolloutsEnd where `rollouts` ends when the first version is staged
    static RewardModelLearner start(
            RewardModelTrainer.Settings settings,
            Staging staging,
            Checkpoint policy,
            Supplier<List<OffsetRange>> rolloutsEnd) {
        return new RewardModelLearner(
                settings,
                staging,
                TrainedModel.rewardModel(
                        staging.workshop().store(),
                        policy,
                        staging.workshop().footprint().weights(),
                        settings.seed()),
                rolloutsEnd);
    }

    /// One that has the weights of the announced `head` and nothing else: it warms up anew, on
    /// completions of its own, and scoring begins where it began.
    private static RewardModelLearner fromWeights(
            RewardModelTrainer.Settings settings,
            Staging staging,
            Checkpoint head,
            Supplier<List<OffsetRange>> rolloutsEnd) {
        RewardModelLearner learner =
                new RewardModelLearner(
                        settings,
                        staging,
                        TrainedModel.likeCheckpoint(
                                staging.workshop().store(),
                                head,
                                staging.workshop().footprint().weights(),
                                settings.seed()),
                        rolloutsEnd);
        learner.scoreFrom = head.getScoreFrom();
        return learner;
    }

    /// The one that announced `head`, as it was then.
    static RewardModelLearner resume(
            RewardModelTrainer.Settings settings,
            Staging staging,
            Checkpoint head,
            Supplier<List<OffsetRange>> rolloutsEnd) {
        Workshop workshop = staging.workshop();
        RewardModelLearner learner =
                new RewardModelLearner(
                        settings,
                        staging,
                        TrainedModel.resumed(
                                workshop.store(), head, workshop.footprint().weights()),
                        rolloutsEnd);
        Path trainer = workshop.trainerFiles(head);
        learner.optimizer.load(trainer.resolve(OPTIMIZER));
        learner.progress = RewardModelProgress.load(trainer.resolve(PROGRESS));
        learner.trainedAtCheckpoint = learner.progress.trained();
        learner.scoreFrom = head.getScoreFrom();
        learner.announcedOnce = true;
        return learner;
    }

    ModelShape shape() {
        return rewardModel.shape();
    }

    @Override
    public TrainingStep learn(long step, Batch<AcceptedPreference> batch) {
        lastMetrics =
                update.update(
                        batch.examples().stream().map(AcceptedPreference::pair).toList(),
                        settings.learningRate() * settings.schedule().factor(step));
        progress =
                progress.after(
                        batch.examples(),
                        batch.heldOut(),
                        announcedOnce ? 0 : settings.referenceCompletions(),
                        settings.heldOutWindow());
        return TrainingStep.newBuilder().setMetrics(lastMetrics).build();
    }

    @Override
    public boolean checkpointDue() {
        return progress.trained() - trainedAtCheckpoint
                >= (announcedOnce
                        ? settings.preferencesPerCheckpoint()
                        : settings.warmupPreferences());
    }

    @Override
    public Checkpoint stage(long version, Standing standing) {
        if (!announcedOnce) {
            progress = progress.settled();
            scoreFrom = scoreFrom.isEmpty() ? rolloutsEnd.get() : scoreFrom;
        }
        ScoreNormalisation normalisation =
                ScoreNormalisation.measure(
                        rewardModel,
                        progress.referenceCompletions().stream()
                                .map(RewardModelProgress.Completion::prompt)
                                .toList(),
                        progress.referenceCompletions().stream()
                                .map(RewardModelProgress.Completion::completion)
                                .toList(),
                        staging.microBatching());
        return staging.stage(
                        trained,
                        version,
                        standing,
                        settings.facts(),
                        trainer -> {
                            optimizer.save(trainer.resolve(OPTIMIZER));
                            progress.save(trainer.resolve(PROGRESS));
                        })
                .setScoreFrom(scoreFrom)
                .setScoreMean(normalisation.mean())
                .setScoreStandardDeviation(normalisation.std())
                .setMetrics(metrics())
                .build();
    }

    /// Those of the last step, and beside them those on held-out prompts, under `held_out/`, with
    /// their calibration, and on those of them that people labelled, under `held_out/people/`.
    private Map<String, Double> metrics() {
        Map<String, Double> metrics = new HashMap<>(lastMetrics);
        List<LabelledPair> heldOut = progress.heldOut();
        metrics.put("held_out/pairs", (double) heldOut.size());
        if (!heldOut.isEmpty()) {
            RewardModelEvaluation evaluation =
                    RewardModelEvaluation.of(rewardModel, heldOut, staging.microBatching());
            putUnder("held_out/", evaluation.metrics(), metrics);
            putUnder("held_out/", evaluation.calibrationMetrics(), metrics);
        }
        List<LabelledPair> ofPeople = progress.ofPeople();
        if (!ofPeople.isEmpty()) {
            metrics.put("held_out/people/pairs", (double) ofPeople.size());
            putUnder(
                    "held_out/people/",
                    RewardModelEvaluation.of(rewardModel, ofPeople, staging.microBatching())
                            .metrics(),
                    metrics);
        }
        return metrics;
    }

    private static void putUnder(
            String prefix, Map<String, Double> measured, Map<String, Double> metrics) {
        measured.forEach((name, value) -> metrics.put(prefix + name, value));
    }

    @Override
    public void announced(Checkpoint checkpoint) {
        announcedOnce = true;
        trainedAtCheckpoint = progress.trained();
    }

    /// Never: preferences have no end.
    @Override
    public boolean finished() {
        return false;
    }

    @Override
    public void close() {
        optimizer.close();
        trained.close();
    }
}
