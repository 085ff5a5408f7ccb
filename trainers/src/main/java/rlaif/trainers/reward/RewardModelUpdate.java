package rlaif.trainers.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rlaif.models.AdamW;
import rlaif.models.LastTokenScores;
import rlaif.models.Transformer;
import rlaif.trainers.batching.BatchShape;
import rlaif.trainers.batching.MicroBatching;
import rlaif.trainers.batching.PartLosses;

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
        List<PairPasses> parts =
                microBatching.cut(batch, LabelledPair::tokens).stream()
                        .map(pairs ->
                                new PairPasses(
                                        pairs, microBatching, rewardModel.shape().padTokenId()))
                        .toList();
        List<float[]> scores = new ArrayList<>(); // of each part
        AdamW.StepResult step =
                optimizer.step(
                        learningRate,
                        PartLosses.of(
                                parts,
                                part -> part.pairs().size(),
                                (manager, part) -> loss(manager, part, scores)));
        rewardModel.clearScoreBias(); // the loss is of differences: rounding alone moves it
        List<LabelledPair> scored = parts.stream().flatMap(part -> part.pairs().stream()).toList();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("loss", step.loss());
        metrics.putAll(RewardModelEvaluation.ofScores(scored, joined(scores)).metrics());
        metrics.put("grad_norm", step.gradientNorm());
        metrics.put("learning_rate", learningRate);
        metrics.putAll(
                BatchShape.of(parts.stream().flatMap(part -> part.passes().stream()).toList())
                        .metrics());
        return metrics;
    }

    private NDArray loss(NDManager manager, PairPasses part, List<float[]> scores) {
        int pairs = part.pairs().size();
        NDArray both =
                part.of(
                        manager,
                        pass -> LastTokenScores.of(rewardModel, manager, pass)); // (2 pairs)
        scores.add(both.toFloatArray());
        NDArray first = both.get("0:{}", pairs); // (pairs)
        NDArray second = both.get("{}:", pairs); // (pairs)
        return PreferenceLoss.of(first, second, labels(manager, part.pairs()));
    }

    /// The first halves of all, then the second ones.
    private static float[] joined(List<float[]> scores) {
        int all = scores.stream().mapToInt(part -> part.length).sum();
        float[] joined = new float[all];
        int at = 0;
        for (float[] part : scores) {
            int half = part.length / 2;
            System.arraycopy(part, 0, joined, at, half);
            System.arraycopy(part, half, joined, all / 2 + at, half);
            at += half;
        }
        return joined;
    }

    private static NDArray labels(NDManager manager, List<LabelledPair> batch) {
        float[] labels = new float[batch.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (float) batch.get(i).firstProbability();
        }
        return manager.create(labels).duplicate(); // (batch)
    }
}
