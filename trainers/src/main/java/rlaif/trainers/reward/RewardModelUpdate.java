package rlaif.trainers.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rlaif.models.AdamW;
import rlaif.models.SequenceBatch;
import rlaif.models.Transformer;

/// One optimizer step of the reward model on a batch of soft preference labels.
public final class RewardModelUpdate {
    private final Transformer rewardModel;
    private final AdamW optimizer;

    public RewardModelUpdate(Transformer rewardModel, AdamW optimizer) {
        this.rewardModel = rewardModel;
        this.optimizer = optimizer;
    }

    /// Minimises {@link PreferenceLoss} once. Returns `loss`, `accuracy` (share of untied labels
    /// whose order the scores of before the step agree with), `margin` (mean score of the preferred
    /// minus the other), `mean_reward`, `grad_norm`, `learning_rate`.
    public Map<String, Double> update(List<LabelledPair> batch, double learningRate) {
        float[][] scores = new float[1][];
        AdamW.StepResult step =
                optimizer.step(
                        learningRate,
                        manager -> {
                            NDArray both = scoresOfBoth(manager, batch); // (2 batch)
                            scores[0] = both.toFloatArray();
                            NDArray first = both.get("0:{}", batch.size()); // (batch)
                            NDArray second = both.get("{}:", batch.size()); // (batch)
                            return PreferenceLoss.of(first, second, labels(manager, batch));
                        });
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("loss", step.loss());
        metrics.putAll(RewardModelEvaluation.ofScores(batch, scores[0]).metrics());
        metrics.put("grad_norm", step.gradientNorm());
        metrics.put("learning_rate", learningRate);
        return metrics;
    }

    /// The scores of all first completions, then of all second ones, from one forward pass.
    private NDArray scoresOfBoth(NDManager manager, List<LabelledPair> batch) {
        List<int[]> prompts = new ArrayList<>(batch.stream().map(LabelledPair::prompt).toList());
        prompts.addAll(List.copyOf(prompts));
        List<int[]> completions = new ArrayList<>(batch.stream().map(LabelledPair::first).toList());
        completions.addAll(batch.stream().map(LabelledPair::second).toList());
        SequenceBatch sequences =
                new SequenceBatch(prompts, completions, rewardModel.shape().padTokenId());
        return RewardScores.atLastToken(rewardModel, manager, sequences);
    }

    private static NDArray labels(NDManager manager, List<LabelledPair> batch) {
        float[] labels = new float[batch.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (float) batch.get(i).firstProbability();
        }
        return manager.create(labels).duplicate(); // (batch)
    }
}
