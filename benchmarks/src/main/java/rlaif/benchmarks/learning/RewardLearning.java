package rlaif.benchmarks.learning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import rlaif.models.AdamW;
import rlaif.models.Transformer;
import rlaif.trainers.reward.LabelledPair;
import rlaif.trainers.reward.RewardModelUpdate;
import rlaif.trainers.reward.RewardScores;
import rlaif.trainers.reward.ScoreNormalisation;

/// The reward model in training: version-0 pairs first, the moving policy's pairs then.
final class RewardLearning implements AutoCloseable {
    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.95, 1e-8, 0.01, 1);
    private static final int REFERENCE_COMPLETIONS = 512;

    private final Lab lab;
    private final Transformer rewardModel;
    private final AdamW optimizer;
    private final RewardModelUpdate update;
    private final PairLabeler labeler;
    private final List<LabelledPair> waiting = new ArrayList<>();
    private final List<Trial> reference = new ArrayList<>();

    /// Starts from the weights of `sft`, under a new scalar head.
    RewardLearning(Lab lab, Transformer sft) {
        this.lab = lab;
        this.rewardModel = sft.withScalarHead(lab.settings().seed());
        this.optimizer = new AdamW(rewardModel, ADAM);
        this.update = new RewardModelUpdate(rewardModel, optimizer);
        this.labeler = new PairLabeler(lab.world(), lab.settings().seed());
    }

    Transformer rewardModel() {
        return rewardModel;
    }

    /// Learns the warm-up pairs, sampled by `writer`, whose first completions become the reference
    /// of the scores.
    void warmUp(Writer writer) {
        List<LabelledPair> pairs = new ArrayList<>();
        while (pairs.size() < lab.settings().warmupPairs()) {
            List<Trial> trials =
                    lab.clock()
                            .time(
                                    "sample warm-up",
                                    () -> writer.write(lab.nextPrompts(), lab.random().nextLong()));
            pairs.addAll(label(trials));
            trials.stream().limit(REFERENCE_COMPLETIONS - reference.size()).forEach(reference::add);
        }
        Map<String, Double> last =
                lab.clock()
                        .time(
                                "reward model warm-up",
                                () -> learn(pairs, lab.settings().rewardRate()));
        Lab.say("reward model warmed up on %d pairs, last batch %s", pairs.size(), last);
    }

    /// Labels the pairs of new trials and learns those that fill a batch; the others wait.
    void follow(List<Trial> trials) {
        waiting.addAll(label(trials));
        int batch = lab.settings().rewardBatch();
        List<LabelledPair> ready = waiting.subList(0, waiting.size() / batch * batch);
        if (!ready.isEmpty()) {
            lab.clock().time("reward model", () -> learn(ready, lab.settings().rewardStreamRate()));
            ready.clear();
        }
    }

    private List<LabelledPair> label(List<Trial> trials) {
        return lab.clock().time("judge", () -> labeler.label(trials, lab.settings().groupSize()));
    }

    private Map<String, Double> learn(List<LabelledPair> pairs, double rate) {
        Map<String, Double> metrics = Map.of();
        int batch = lab.settings().rewardBatch();
        for (int start = 0; start < pairs.size(); start += batch) {
            int end = Math.min(pairs.size(), start + batch);
            metrics = update.update(List.copyOf(pairs.subList(start, end)), rate);
        }
        return metrics;
    }

    /// The normalisation of a version of the reward model on the reference completions.
    ScoreNormalisation normalisation(Transformer version) {
        return lab.clock()
                .time("normalise", () -> ScoreNormalisation.ofRaw(raw(version, reference)));
    }

    static double[] raw(Transformer version, List<Trial> trials) {
        return RewardScores.raw(
                version,
                trials.stream().map(Trial::promptTokens).toList(),
                trials.stream().map(Trial::completionTokens).toList());
    }

    @Override
    public void close() {
        optimizer.close();
        rewardModel.close();
    }
}
