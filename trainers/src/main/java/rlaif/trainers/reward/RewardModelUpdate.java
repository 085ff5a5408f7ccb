package rlaif.trainers.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import rlaif.models.AdamW;
import rlaif.models.Transformer;
import rlaif.trainers.batching.BatchShape;
import rlaif.trainers.batching.LossShare;
import rlaif.trainers.batching.MicroBatching;

/// One optimizer step of the reward model on a batch of soft preference labels.
public final class RewardModelUpdate {
    private final Transformer rewardModel;
    private final AdamW optimizer;
    private final MicroBatching microBatching;

    public RewardModelUpdate(Transformer rewardModel, AdamW optimizer) {
        this(rewardModel, optimizer, MicroBatching.undivided());
    }

    /// @param microBatching of a step's pairs by the tokens of both completions, and of a part's
    ///   sequences into forward passes of like length
    public RewardModelUpdate(
            Transformer rewardModel, AdamW optimizer, MicroBatching microBatching) {
        this.rewardModel = rewardModel;
        this.optimizer = optimizer;
        this.microBatching = microBatching;
    }

    /// Minimises {@link PreferenceLoss} once. Returns `loss`, `accuracy` (share of untied labels
    /// whose order the scores of before the step agree with), `margin` (mean score of the preferred
    /// minus the other), `mean_reward`, `grad_norm`, `learning_rate` and the {@link BatchShape}.
    public Map<String, Double> update(List<LabelledPair> batch, double learningRate) {
        List<PairScoring> parts =
                microBatching.cut(batch, LabelledPair::tokens).stream()
                        .map(pairs -> new PairScoring(rewardModel, pairs, microBatching))
                        .toList();
        AdamW.StepResult step =
                optimizer.step(
                        learningRate,
                        parts.stream()
                                .map(part ->
                                        (Function<NDManager, NDArray>)
                                                manager -> loss(manager, part, batch.size()))
                                .toList());
        List<LabelledPair> scored = parts.stream().flatMap(part -> part.pairs().stream()).toList();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("loss", step.loss());
        metrics.putAll(RewardModelEvaluation.ofScores(scored, PairScoring.scores(parts)).metrics());
        metrics.put("grad_norm", step.gradientNorm());
        metrics.put("learning_rate", learningRate);
        metrics.putAll(
                BatchShape.of(parts.stream().flatMap(part -> part.passes().stream()).toList())
                        .metrics());
        return metrics;
    }

    private static NDArray loss(NDManager manager, PairScoring part, int batchPairs) {
        int pairs = part.pairs().size();
        NDArray both = part.of(manager); // (2 pairs)
        NDArray first = both.get("0:{}", pairs); // (pairs)
        NDArray second = both.get("{}:", pairs); // (pairs)
        NDArray loss = PreferenceLoss.of(first, second, labels(manager, part.pairs()));
        return LossShare.of(manager, loss, pairs, batchPairs);
    }

    private static NDArray labels(NDManager manager, List<LabelledPair> batch) {
        float[] labels = new float[batch.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (float) batch.get(i).firstProbability();
        }
        return manager.create(labels).duplicate(); // (batch)
    }
}
