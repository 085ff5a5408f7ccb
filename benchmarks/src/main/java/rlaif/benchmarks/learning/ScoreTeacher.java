package rlaif.benchmarks.learning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import rlaif.models.AdamW;
import rlaif.models.Transformer;
import rlaif.trainers.grouped.GroupObjective;
import rlaif.trainers.grouped.GroupedUpdate;
import rlaif.trainers.ppo.PolicyUpdate;
import rlaif.trainers.ppo.PpoSettings;
import rlaif.trainers.ppo.PpoUpdate;
import rlaif.trainers.ppo.ScoredSequence;

/// A policy gradient on scores: PPO with its value model, or RLOO or GRPO without one.
final class ScoreTeacher implements Teacher {
    private final Lab lab;
    private final Scorer scorer;
    private final PolicyUpdate update;
    private final List<AutoCloseable> owned;

    private ScoreTeacher(Lab lab, Scorer scorer, PolicyUpdate update, List<AutoCloseable> owned) {
        this.lab = lab;
        this.scorer = scorer;
        this.update = update;
        this.owned = owned;
    }

    /// @param valueOrigin whose weights the value model begins with
    static ScoreTeacher ppo(
            Lab lab,
            Scorer scorer,
            Transformer reference,
            Transformer policy,
            Transformer valueOrigin) {
        Transformer valueModel = valueOrigin.withZeroScalarHead();
        AdamW policyOptimizer = new AdamW(policy, PpoSettings.ADAM);
        AdamW valueOptimizer = new AdamW(valueModel, PpoSettings.ADAM);
        return new ScoreTeacher(
                lab,
                scorer,
                new PpoUpdate(
                        policy,
                        policyOptimizer,
                        reference,
                        valueModel,
                        valueOptimizer,
                        lab.settings().ppo()),
                List.of(policyOptimizer, valueOptimizer, valueModel, scorer));
    }

    static ScoreTeacher grouped(
            Lab lab,
            Scorer scorer,
            Transformer reference,
            Transformer policy,
            GroupObjective objective) {
        AdamW optimizer = new AdamW(policy, PpoSettings.ADAM);
        return new ScoreTeacher(
                lab,
                scorer,
                new GroupedUpdate(objective, policy, optimizer, reference, lab.settings().ppo()),
                List.of(optimizer, scorer));
    }

    @Override
    public Map<String, Double> teach(int step, List<Trial> trials, double learningRateFactor) {
        List<ScoredSequence> batch = scored(trials);
        scorer.follow(trials);
        long shuffleSeed = lab.random().nextLong();
        Map<String, Double> metrics =
                lab.clock()
                        .time(
                                "policy",
                                () -> update.update(batch, shuffleSeed, learningRateFactor));
        scorer.stepped(step);
        return metrics;
    }

    private List<ScoredSequence> scored(List<Trial> trials) {
        double[] scores = lab.clock().time("score", () -> scorer.scores(trials));
        List<ScoredSequence> scored = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            Trial trial = trials.get(i);
            scored.add(
                    new ScoredSequence(
                            trial.promptTokens(),
                            trial.completionTokens(),
                            trial.behaviourLogprobs(),
                            scores[i],
                            trial.ended(),
                            0,
                            "group " + i / lab.settings().groupSize()));
        }
        return scored;
    }

    @Override
    public void close() {
        for (AutoCloseable it : owned) {
            try {
                it.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
