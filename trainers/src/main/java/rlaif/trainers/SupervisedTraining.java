package rlaif.trainers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import rlaif.models.AdamW;
import rlaif.models.Head;
import rlaif.models.Transformer;
import rlaif.trainers.batching.MicroBatching;
import rlaif.trainers.batching.SkippedUpdates;
import rlaif.trainers.loop.SkippedSteps;
import rlaif.trainers.sft.SftUpdate;
import rlaif.trainers.sft.SupervisedExample;

/// Supervised fine-tuning from random weights over a fixed number of steps; seed and thread count
/// decide the weights.
final class SupervisedTraining {
    /// A shorter memory of squared gradients than Adam's 0.999: the gradients of the first steps
    /// are the largest.
    static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.95, 1e-8, 0.01, 1);

    private static final long WARMUP_STEPS = 20;

    private final PolicyOrigin.Trained origin;
    private final SftTrainer.Settings settings;
    private final MicroBatching microBatching;
    private final SftTrainer.Progress progress;

    SupervisedTraining(
            PolicyOrigin.Trained origin,
            SftTrainer.Settings settings,
            MicroBatching microBatching,
            SftTrainer.Progress progress) {
        this.origin = origin;
        this.settings = settings;
        this.microBatching = microBatching;
        this.progress = progress;
    }

    /// The trained policy, which the caller closes, and the metrics of each step.
    record Trained(Transformer policy, List<Map<String, Double>> metrics) {}

    /// Trains; empty once `stopped`.
    Optional<Trained> train(BooleanSupplier stopped) {
        DemonstrationBatches batches =
                new DemonstrationBatches(
                        DemonstrationTokens.of(
                                origin.demonstrations(), origin.tokenizer(), origin.shape()),
                        settings.batch(),
                        settings.seed());
        LearningRateSchedule schedule =
                new LearningRateSchedule.LinearDecay(
                        Math.min(WARMUP_STEPS, settings.steps() - 1), settings.steps());
        List<Map<String, Double>> metrics = new ArrayList<>();
        Transformer policy =
                Transformer.random(origin.shape(), Head.LANGUAGE_MODEL, settings.seed());
        try (AdamW optimizer = new AdamW(policy, ADAM)) {
            SftUpdate update = new SftUpdate(policy, optimizer, microBatching);
            SkippedSteps skipped = new SkippedSteps("SFT of " + settings.policy());
            for (long step = 1; step <= settings.steps(); step++) {
                if (stopped.getAsBoolean()) {
                    policy.close();
                    return Optional.empty();
                }
                double learningRate = settings.learningRate() * schedule.factor(step);
                Map<String, Double> measured = step(update, batches.next(), learningRate);
                skipped.took(step, measured, "demonstrations");
                metrics.add(measured);
                progress.stepped(step, settings.steps(), measured.getOrDefault("loss", Double.NaN));
            }
            return Optional.of(new Trained(policy, metrics));
        } catch (RuntimeException e) {
            policy.close();
            throw e;
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
