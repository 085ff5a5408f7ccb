package rlaif.trainers.ppo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rlaif.models.AdamW;
import rlaif.models.Logprobs;
import rlaif.models.Transformer;
import rlaif.trainers.batching.BatchShape;
import rlaif.trainers.batching.MicroBatching;
import rlaif.trainers.batching.PartLosses;

/// One PPO step: a batch of scored rollouts in, a better policy and value model out.
///
/// 1. shuffle the batch and cut it into minibatches ({@link StepFrame});
/// 2. forward, without gradients: proximal and reference logprobs, old values ({@link
///    PpoMinibatch});
/// 3. rewards = score at the end - beta KL ({@link KlEstimator}, {@link KlPenalty}), advantages and
///    returns ({@link Advantages}), trust ({@link TrustRegion});
/// 4. whiten the advantages over the batch ({@link Whitening});
/// 5. for every epoch and minibatch, one optimizer update of the policy ({@link PolicyLoss}) and
///    one of the value model ({@link ValueLoss}); one without a finite loss and gradient is left
///    out;
/// 6. the coefficient of the next step ({@link KlController}).
public final class PpoUpdate implements PolicyUpdate {
    private final Transformer policy;
    private final AdamW policyOptimizer;
    private final Transformer reference;
    private final Transformer valueModel;
    private final AdamW valueOptimizer;
    private final PpoSettings settings;
    private final StepFrame frame;

    public PpoUpdate(
            Transformer policy,
            AdamW policyOptimizer,
            Transformer reference,
            Transformer valueModel,
            AdamW valueOptimizer,
            PpoSettings settings) {
        this(
                policy,
                policyOptimizer,
                reference,
                valueModel,
                valueOptimizer,
                settings,
                MicroBatching.undivided());
    }

    /// @param microBatching of every minibatch
    public PpoUpdate(
            Transformer policy,
            AdamW policyOptimizer,
            Transformer reference,
            Transformer valueModel,
            AdamW valueOptimizer,
            PpoSettings settings,
            MicroBatching microBatching) {
        this.policy = policy;
        this.policyOptimizer = policyOptimizer;
        this.reference = reference;
        this.valueModel = valueModel;
        this.valueOptimizer = valueOptimizer;
        this.settings = settings;
        this.frame = new StepFrame(settings, microBatching);
    }

    @Override
    public StepFrame frame() {
        return frame;
    }

    @Override
    public Map<String, Double> update(
            List<ScoredSequence> batch, long shuffleSeed, double learningRateFactor) {
        double beta = frame.beta();
        List<List<PpoMinibatch>> minibatches =
                whitened(
                        frame.cut(
                                batch,
                                shuffleSeed,
                                (rollouts, _) ->
                                        PpoMinibatch.of(
                                                rollouts,
                                                policy,
                                                reference,
                                                valueModel,
                                                beta,
                                                settings)));
        List<PpoMinibatch> all = minibatches.stream().flatMap(List::stream).toList();
        PpoMetrics metrics = new PpoMetrics(settings, beta, all);
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            for (List<PpoMinibatch> minibatch : minibatches) {
                improvePolicy(minibatch, learningRateFactor, metrics);
                improveValues(minibatch, learningRateFactor, metrics);
            }
        }
        frame.took(metrics.policy().kl(), batch.size());
        Map<String, Double> summary =
                new LinkedHashMap<>(metrics.summary(settings.learningRate() * learningRateFactor));
        summary.putAll(BatchShape.of(all.stream().map(PpoMinibatch::sequences).toList()).metrics());
        return summary;
    }

    private static List<List<PpoMinibatch>> whitened(List<List<PpoMinibatch>> minibatches) {
        Iterator<double[]> advantages =
                Whitening.of(
                                minibatches.stream()
                                        .flatMap(List::stream)
                                        .flatMap(part -> part.experiences().stream())
                                        .map(experience -> experience.estimates().advantages())
                                        .toList())
                        .iterator();
        return minibatches.stream()
                .map(parts -> parts.stream().map(it -> it.withAdvantages(advantages)).toList())
                .toList();
    }

    private void improvePolicy(
            List<PpoMinibatch> minibatch, double learningRateFactor, PpoMetrics metrics) {
        try {
            metrics.policy()
                    .improvedPolicy(
                            policyOptimizer.step(
                                    settings.learningRate() * learningRateFactor,
                                    PartLosses.of(
                                            minibatch,
                                            part -> part.sequences().completionTokenCount(),
                                            (manager, part) ->
                                                    policyLoss(manager, part, metrics))));
        } catch (ArithmeticException notFinite) {
            metrics.policy().skippedUpdate();
        }
    }

    private NDArray policyLoss(NDManager manager, PpoMinibatch minibatch, PpoMetrics metrics) {
        NDArray mask =
                minibatch.sequences().completionMask(manager); // (batch,time-1), as all below
        NDArray proximalLogprobs =
                minibatch.fillFloats(manager, it -> it.measured().proximalLogprobs());
        NDArray ratios =
                PolicyLoss.ratios(policyLogprobs(manager, minibatch), proximalLogprobs, mask);
        metrics.sawRatios(minibatch, ratios);
        return PolicyLoss.of(
                ratios,
                minibatch.fill(manager, it -> weighted(it, 1)),
                minibatch.fill(manager, it -> weighted(it, -1)),
                minibatch.fill(manager, it -> it.trust().lower()),
                minibatch.fill(manager, it -> it.trust().upper()),
                mask);
    }

    private static double[] weighted(Experience experience, int sign) {
        return PolicyLoss.weighted(experience.trust(), experience.estimates().advantages(), sign);
    }

    private NDArray policyLogprobs(NDManager manager, PpoMinibatch minibatch) {
        return Logprobs.ofNextTokens(
                manager, policy, minibatch.sequences(), (float) settings.temperature());
    }

    private void improveValues(
            List<PpoMinibatch> minibatch, double learningRateFactor, PpoMetrics metrics) {
        try {
            metrics.improvedValues(
                    valueOptimizer.step(
                            settings.valueLearningRate() * learningRateFactor,
                            PartLosses.of(
                                    minibatch,
                                    part -> part.sequences().completionTokenCount(),
                                    this::valueLoss)));
        } catch (ArithmeticException notFinite) {
            metrics.policy().skippedUpdate();
        }
    }

    private NDArray valueLoss(NDManager manager, PpoMinibatch minibatch) {
        NDArray values = valueModel.scalars(manager, minibatch.sequences()); // (batch,time)
        return ValueLoss.of(
                values.get(":, 0:-1"), // (batch,time-1), as all below
                minibatch.fillFloats(manager, Experience::oldValues),
                minibatch.fill(manager, it -> it.estimates().returns()),
                minibatch.sequences().completionMask(manager),
                settings.valueClipRange());
    }
}
