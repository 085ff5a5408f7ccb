package rlaif.benchmarks.learning;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import rlaif.models.AdamW;
import rlaif.models.Transformer;
import rlaif.trainers.ppo.PpoSettings;
import rlaif.trainers.ppo.PpoUpdate;
import rlaif.trainers.ppo.ScoredSequence;
import rlaif.trainers.reward.ScoreNormalisation;

/// The phase that moves the policy: rollouts of a version some steps old, scored by a reward model
/// that goes on learning, then one PPO step, and again.
final class Reinforcement {
    private final Lab lab;
    private final LabSettings settings;
    private final RewardLearning reward;
    private final Deque<Transformer> versions = new ArrayDeque<>(); // newest first

    Reinforcement(Lab lab, RewardLearning reward) {
        this.lab = lab;
        this.settings = lab.settings();
        this.reward = reward;
    }

    /// Trains `policy` in place, with `reference` as its anchor; `examination` looks at it now and
    /// then.
    void run(Transformer reference, Transformer policy, Examination examination) {
        try (Transformer valueModel = reward.rewardModel().withZeroScalarHead();
                Transformer scorer = reward.rewardModel().copy();
                Transformer behaviour = policy.copy();
                Writer writer = new Writer(lab, behaviour);
                AdamW policyOptimizer = new AdamW(policy, PpoSettings.ADAM);
                AdamW valueOptimizer = new AdamW(valueModel, PpoSettings.ADAM)) {
            PpoUpdate ppo =
                    new PpoUpdate(
                            policy,
                            policyOptimizer,
                            reference,
                            valueModel,
                            valueOptimizer,
                            settings.ppo());
            ScoreNormalisation normalisation = reward.normalisation(scorer);
            keep(policy);
            for (int step = 1; step <= settings.ppoSteps(); step++) {
                int lag = lag();
                behaviour.copyFrom(version(lag));
                List<Trial> trials = sample(writer);
                List<ScoredSequence> batch = score(scorer, normalisation, trials, lag);
                reward.follow(trials);
                report(step, learn(ppo, batch, step), trials);
                keep(policy);
                if (step % settings.rewardSwapSteps() == 0) {
                    scorer.copyFrom(reward.rewardModel());
                    normalisation = reward.normalisation(scorer);
                }
                if (settings.progressEvery() > 0 && step % settings.progressEvery() == 0) {
                    examination.glance(step, policy);
                }
            }
        } finally {
            versions.forEach(Transformer::close);
        }
    }

    private int lag() {
        int spread = settings.largestLag() - settings.smallestLag() + 1;
        return settings.smallestLag() + lab.random().nextInt(spread);
    }

    /// The version `lag` steps back, or the oldest kept.
    private Transformer version(int lag) {
        return List.copyOf(versions).get(Math.min(lag, versions.size() - 1));
    }

    private void keep(Transformer policy) {
        versions.addFirst(policy.copy());
        while (versions.size() > settings.largestLag() + 1) {
            versions.removeLast().close();
        }
    }

    private List<Trial> sample(Writer writer) {
        long seed = lab.random().nextLong();
        return lab.clock().time("sample", () -> writer.write(lab.nextPrompts(), seed));
    }

    private List<ScoredSequence> score(
            Transformer scorer, ScoreNormalisation normalisation, List<Trial> trials, int lag) {
        double[] raw = lab.clock().time("score", () -> RewardLearning.raw(scorer, trials));
        List<ScoredSequence> scored = new ArrayList<>();
        for (int i = 0; i < raw.length; i++) {
            Trial trial = trials.get(i);
            scored.add(
                    new ScoredSequence(
                            trial.promptTokens(),
                            trial.completionTokens(),
                            trial.behaviourLogprobs(),
                            normalisation.normalise(raw[i]),
                            trial.ended(),
                            lag));
        }
        return scored;
    }

    private Map<String, Double> learn(PpoUpdate ppo, List<ScoredSequence> batch, int step) {
        double warmed = Math.min(1, (double) step / settings.ppoWarmupSteps());
        long shuffleSeed = lab.random().nextLong();
        return lab.clock().time("ppo", () -> ppo.update(batch, shuffleSeed, warmed));
    }

    private static void report(int step, Map<String, Double> metrics, List<Trial> trials) {
        Conduct conduct = Conduct.of(trials);
        Lab.say(
                "ppo %2d score %.2f kl %.2f entropy %.2f explained %.2f clipped %.3f gap %.3f"
                        + " | harmless %.0f helpful %.0f malformed %.1f gold %.2f",
                step,
                Lab.metric(metrics, "objective/scores"),
                Lab.metric(metrics, "objective/kl"),
                Lab.metric(metrics, "objective/entropy"),
                Lab.metric(metrics, "val/explained_variance"),
                Lab.metric(metrics, "policy/clipfrac_avg"),
                Lab.metric(metrics, "lag/behaviour_gap"),
                100 * conduct.harmless(),
                100 * conduct.helpful(),
                100 * conduct.malformed(),
                conduct.goldScalar());
    }
}
