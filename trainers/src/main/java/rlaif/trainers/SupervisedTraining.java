package rlaif.trainers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import rlaif.models.AdamW;
import rlaif.models.Transformer;
import rlaif.trainers.batching.MicroBatching;
import rlaif.trainers.batching.SkippedUpdates;
import rlaif.trainers.loop.SkippedSteps;
import rlaif.trainers.sft.SftUpdate;
import rlaif.trainers.sft.SupervisedExample;

/// Supervised fine-tuning of a model over a fixed number of steps; what it begins with, seed and
/// thread count decide the weights, however often it is killed on the way.
final class SupervisedTraining {
    /// A shorter memory of squared gradients than Adam's 0.999: the gradients of the first steps
    /// are the largest.
    static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.95, 1e-8, 0.01, 1);

    private static final long WARMUP_STEPS = 20;

    private final Transformer policy;
    private final List<SupervisedExample> examples;
    private final SftTrainer.Settings settings;
    private final MicroBatching microBatching;
    private final SftTrainer.Progress progress;

    /// @param policy is trained in place
    SupervisedTraining(
            Transformer policy,
            List<SupervisedExample> examples,
            SftTrainer.Settings settings,
            MicroBatching microBatching,
            SftTrainer.Progress progress) {
        this.policy = policy;
        this.examples = examples;
        this.settings = settings;
        this.microBatching = microBatching;
        this.progress = progress;
    }

    /// When training writes down where it stands.
    ///
    /// @param every steps; 0: never
    record Cadence(SupervisedStanding standing, long every) {
        private boolean isDue(long step) {
            return every > 0 && step % every == 0;
        }
    }

    /// Trains from where the same training stood.
    ///
    /// @return the metrics of each step; empty: `stopped` before the last one
    Optional<List<Map<String, Double>>> train(Cadence cadence, BooleanSupplier stopped) {
        DemonstrationBatches batches =
                new DemonstrationBatches(examples, settings.batch(), settings.seed());
        LearningRateSchedule schedule =
                new LearningRateSchedule.LinearDecay(
                        Math.min(WARMUP_STEPS, settings.steps() - 1), settings.steps());
        try (AdamW optimizer = new AdamW(policy, ADAM)) {
            SftUpdate update = new SftUpdate(policy, optimizer, microBatching);
            SkippedSteps skipped = new SkippedSteps("SFT of " + settings.policy());
            List<Map<String, Double>> metrics =
                    new ArrayList<>(
                            cadence.every() > 0
                                    ? cadence.standing().restore(policy, optimizer)
                                    : List.of());
            for (long step = 1; step <= settings.steps(); step++) {
                List<SupervisedExample> batch = batches.next();
                boolean taken = step <= metrics.size();
                if (!taken) {
                    if (stopped.getAsBoolean()) {
                        return Optional.empty();
                    }
                    double learningRate = settings.learningRate() * schedule.factor(step);
                    metrics.add(step(update, batch, learningRate));
                }
                Map<String, Double> measured = metrics.get((int) step - 1);
                skipped.took(step, measured, "demonstrations", OptionalLong.empty());
                progress.stepped(step, settings.steps(), measured.getOrDefault("loss", Double.NaN));
                if (!taken && cadence.isDue(step) && step < settings.steps()) {
                    cadence.standing().save(policy, optimizer, metrics);
                }
            }
            return Optional.of(metrics);
        }
    }

    private static Map<String, Double> step(
            SftUpdate update, List<SupervisedExample> batch, double learningRate) {
        try {
            return update.update(batch, learningRate);
        } catch (ArithmeticException notFinite) {
            return SkippedUpdates.whole();
        }
    }
}
