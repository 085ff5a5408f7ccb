package rlaif.benchmarks.learning;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import rlaif.models.Transformer;
import rlaif.trainers.reward.ScoreNormalisation;
import rlaif.worlds.Labeler;
import rlaif.worlds.SimulatedJudge;

/// Who scores trials, and how that changes while the policy learns.
sealed interface Scorer extends AutoCloseable {
    double[] scores(List<Trial> trials);

    /// Learns from new trials what a scorer that learns can.
    default void follow(List<Trial> trials) {}

    /// The policy has taken a step.
    default void stepped(int step) {}

    @Override
    default void close() {}

    /// A copy of the reward model, renewed and normalised every few steps from the one that goes on
    /// learning; or the one of the warm-up for ever.
    final class ByRewardModel implements Scorer {
        private final Lab lab;
        private final RewardLearning reward;
        private final Transformer version;
        private ScoreNormalisation normalisation;

        ByRewardModel(Lab lab, RewardLearning reward) {
            this.lab = lab;
            this.reward = reward;
            this.version = reward.rewardModel().copy();
            this.normalisation = reward.normalisation(version);
        }

        @Override
        public double[] scores(List<Trial> trials) {
            double[] scores = RewardLearning.raw(version, trials);
            for (int i = 0; i < scores.length; i++) {
                scores[i] = normalisation.normalise(scores[i]);
            }
            return scores;
        }

        @Override
        public void follow(List<Trial> trials) {
            if (lab.settings().rewardSwapSteps() > 0) {
                reward.follow(trials);
            }
        }

        @Override
        public void stepped(int step) {
            int swap = lab.settings().rewardSwapSteps();
            if (swap > 0 && step % swap == 0) {
                version.copyFrom(reward.rewardModel());
                normalisation = reward.normalisation(version);
            }
        }

        @Override
        public void close() {
            version.close();
            reward.close();
        }
    }

    /// The simulated judge itself, one principle a group (d-RLAIF, Lee et al. 2309.00267, section
    /// 2.2.2): `2 (s - 1)/9 - 1` of its score `s` from 1 to 10.
    final class ByJudge implements Scorer {
        private final SimulatedJudge judge;
        private final Random random;

        ByJudge(Lab lab) {
            this.judge = new SimulatedJudge(lab.world(), Labeler.LARGE);
            this.random = new Random(lab.settings().seed());
        }

        @Override
        public double[] scores(List<Trial> trials) {
            Map<String, String> principles = new HashMap<>();
            double[] scores = new double[trials.size()];
            for (int i = 0; i < scores.length; i++) {
                Trial trial = trials.get(i);
                String principle =
                        principles.computeIfAbsent(
                                trial.prompt(), _ -> PairLabeler.principle(random));
                double s = judge.score(principle, trial.prompt(), trial.completion());
                scores[i] = 2 * (s - 1) / 9 - 1;
            }
            return scores;
        }
    }
}
