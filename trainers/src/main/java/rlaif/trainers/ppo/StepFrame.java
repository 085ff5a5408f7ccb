package rlaif.trainers.ppo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import rlaif.trainers.batching.MicroBatching;

/// What the steps of every policy gradient stand in: how a batch is cut into minibatches, and what
/// the KL penalty costs from one step to the next.
public final class StepFrame {
    private final PpoSettings settings;
    private final MicroBatching microBatching;
    private KlController kl;

    /// @param microBatching of every minibatch
    public StepFrame(PpoSettings settings, MicroBatching microBatching) {
        this.settings = settings;
        this.microBatching = microBatching;
        this.kl = settings.kl();
    }

    /// Makes what an optimizer update needs of rollouts that go through the models at once.
    @FunctionalInterface
    public interface Part<P> {
        /// @param minibatchRollouts of the whole minibatch that `rollouts` are a part of
        P of(List<ScoredSequence> rollouts, int minibatchRollouts);
    }

    /// Minibatches of the shuffled batch, each as the parts that it is divided into.
    ///
    /// @param shuffleSeed alone decides the order
    public <P> List<List<P>> cut(List<ScoredSequence> batch, long shuffleSeed, Part<P> part) {
        if (batch.size() < settings.minibatches()) {
            throw new IllegalArgumentException(
                    "a batch of %d rollouts cannot be cut into %d minibatches"
                            .formatted(batch.size(), settings.minibatches()));
        }
        List<ScoredSequence> shuffled = new ArrayList<>(batch);
        Collections.shuffle(shuffled, new Random(shuffleSeed));
        List<List<P>> minibatches = new ArrayList<>();
        for (int m = 0; m < settings.minibatches(); m++) {
            int from = m * shuffled.size() / settings.minibatches();
            int to = (m + 1) * shuffled.size() / settings.minibatches();
            minibatches.add(
                    microBatching.cut(shuffled.subList(from, to), ScoredSequence::tokens).stream()
                            .map(rollouts -> part.of(rollouts, to - from))
                            .toList());
        }
        return minibatches;
    }

    /// Coefficient of the KL penalty in the next step.
    public double beta() {
        return kl.beta();
    }

    /// Goes on at the coefficient that an earlier step left.
    public void restoreBeta(double beta) {
        kl = kl.at(beta);
    }

    /// A step was taken.
    ///
    /// @param completionKl nats a completion, the mean over its rollouts
    public void took(double completionKl, int rollouts) {
        kl = kl.after(completionKl, rollouts);
    }
}
