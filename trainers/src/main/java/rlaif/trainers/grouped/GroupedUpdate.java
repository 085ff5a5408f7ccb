package rlaif.trainers.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import rlaif.models.AdamW;
import rlaif.models.Logprobs;
import rlaif.models.Transformer;
import rlaif.trainers.batching.BatchShape;
import rlaif.trainers.batching.MicroBatching;
import rlaif.trainers.ppo.MeasuredRollout;
import rlaif.trainers.ppo.PolicyLoss;
import rlaif.trainers.ppo.PolicyMetrics;
import rlaif.trainers.ppo.PolicyUpdate;
import rlaif.trainers.ppo.PpoSettings;
import rlaif.trainers.ppo.ScoredSequence;
import rlaif.trainers.ppo.StepFrame;

/// One step of RLOO or GRPO: a batch of scored groups in, a better policy out.
///
/// 1. shuffle the batch and cut it into minibatches ({@link StepFrame});
/// 2. forward, without gradients: proximal and reference logprobs ({@link MeasuredRollout});
/// 3. rewards, and advantages within each group ({@link GroupObjective});
/// 4. for every epoch and minibatch, one optimizer update ({@link GroupLoss}); one without a finite
///    loss and gradient is left out;
/// 5. the coefficient of the next step ({@link rlaif.trainers.ppo.KlController}).
public final class GroupedUpdate implements PolicyUpdate {
    private final GroupObjective objective;
    private final Transformer policy;
    private final AdamW optimizer;
    private final Transformer reference;
    private final PpoSettings settings;
    private final StepFrame frame;

    public GroupedUpdate(
            GroupObjective objective,
            Transformer policy,
            AdamW optimizer,
            Transformer reference,
            PpoSettings settings) {
        this(objective, policy, optimizer, reference, settings, MicroBatching.undivided());
    }

    /// @param microBatching of every minibatch
    public GroupedUpdate(
            GroupObjective objective,
            Transformer policy,
            AdamW optimizer,
            Transformer reference,
            PpoSettings settings,
            MicroBatching microBatching) {
        this.objective = objective;
        this.policy = policy;
        this.optimizer = optimizer;
        this.reference = reference;
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
        List<List<GroupedMinibatch>> minibatches =
                frame.cut(
                        batch,
                        shuffleSeed,
                        (rollouts, minibatchRollouts) ->
                                GroupedMinibatch.of(
                                        rollouts, minibatchRollouts, policy, reference, settings));
        List<GroupedMinibatch> all = minibatches.stream().flatMap(List::stream).toList();
        List<MeasuredRollout> measured =
                all.stream().flatMap(it -> it.measured().stream()).toList();
        Groups groups = Groups.of(measured, objective, beta, settings);
        PolicyMetrics metrics = new PolicyMetrics(settings, beta, measured);
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            for (List<GroupedMinibatch> minibatch : minibatches) {
                improve(minibatch, groups, learningRateFactor, metrics);
            }
        }
        frame.took(metrics.kl(), batch.size());
        Map<String, Double> summary =
                new LinkedHashMap<>(metrics.summary(settings.learningRate() * learningRateFactor));
        summary.putAll(groups.metrics());
        summary.putAll(
                BatchShape.of(all.stream().map(GroupedMinibatch::sequences).toList()).metrics());
        return summary;
    }

    private void improve(
            List<GroupedMinibatch> minibatch,
            Groups groups,
            double learningRateFactor,
            PolicyMetrics metrics) {
        try {
            metrics.improvedPolicy(
                    optimizer.step(
                            settings.learningRate() * learningRateFactor,
                            minibatch.stream()
                                    .<Function<NDManager, NDArray>>map(
                                            part -> manager -> loss(manager, part, groups, metrics))
                                    .toList()));
        } catch (ArithmeticException notFinite) {
            metrics.skippedUpdate();
        }
    }

    private NDArray loss(
            NDManager manager, GroupedMinibatch minibatch, Groups groups, PolicyMetrics metrics) {
        NDArray mask =
                minibatch.sequences().completionMask(manager); // (batch,time-1), as all below
        NDArray policyLogprobs =
                Logprobs.ofNextTokens(
                        manager, policy, minibatch.sequences(), (float) settings.temperature());
        NDArray proximalLogprobs = minibatch.fillFloats(manager, MeasuredRollout::proximalLogprobs);
        NDArray referenceLogprobs =
                minibatch.fillFloats(manager, MeasuredRollout::referenceLogprobs);
        NDArray ratios = PolicyLoss.ratios(policyLogprobs, proximalLogprobs, mask);
        minibatch.read(ratios, groups, metrics);
        return GroupLoss.of(
                ratios,
                minibatch.fill(manager, it -> weighted(it, minibatch, groups, 1)),
                minibatch.fill(manager, it -> weighted(it, minibatch, groups, -1)),
                minibatch.fill(manager, it -> it.trust().lower()),
                minibatch.fill(manager, it -> it.trust().upper()),
                objective.penalty(manager, policyLogprobs, referenceLogprobs, mask, frame.beta()),
                minibatch.fill(manager, it -> tokenWeights(it, minibatch)));
    }

    private double[] weighted(
            MeasuredRollout measured, GroupedMinibatch minibatch, Groups groups, int sign) {
        double[] part = PolicyLoss.weighted(measured.trust(), groups.advantages(measured), sign);
        double tokenWeight = tokenWeight(measured, minibatch);
        for (int t = 0; t < part.length; t++) {
            part[t] *= tokenWeight;
        }
        return part;
    }

    private double[] tokenWeights(MeasuredRollout measured, GroupedMinibatch minibatch) {
        double[] weights = measured.trust().weights().clone();
        double tokenWeight = tokenWeight(measured, minibatch);
        for (int t = 0; t < weights.length; t++) {
            weights[t] *= tokenWeight;
        }
        return weights;
    }

    private double tokenWeight(MeasuredRollout measured, GroupedMinibatch minibatch) {
        return objective.tokenWeight(
                minibatch.completions(), measured.rollout().completion().length);
    }
}
