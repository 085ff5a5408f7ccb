package rlaif.trainers.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import rlaif.models.Transformer;
import rlaif.trainers.TinyTwin;
import rlaif.trainers.ppo.CompletionGrid;
import rlaif.trainers.ppo.KlEstimator;
import rlaif.trainers.ppo.PolicyLoss;
import rlaif.trainers.ppo.PpoSettings;
import rlaif.trainers.ppo.TrustRegion;

class GroupedWeightGradientsTest {
    private static final int GROUP = 2;

    private final CompletionGrid grid = new CompletionGrid(TinyTwin.sequences());
    private final int rows = TinyTwin.sequences().size();

    @Test
    void lossOfRlooHasTheTwinsGradientInEveryWeight() {
        requireGradient("rloo", new Rloo());
    }

    @Test
    void lossOfGrpoHasTheTwinsGradientInEveryWeight() {
        requireGradient("grpo", new Grpo());
    }

    private void requireGradient(String name, GroupObjective objective) {
        try (Transformer policy = TinyTwin.languageModel()) {
            TinyTwin.assertGradient(name, policy, manager -> loss(manager, policy, objective));
        }
    }

    private NDArray loss(NDManager manager, Transformer policy, GroupObjective objective) {
        NDArray mask = TinyTwin.sequences().completionMask(manager);
        NDArray logprobs = TinyTwin.logprobs(manager, policy);
        return GroupLoss.of(
                PolicyLoss.ratios(logprobs, TinyTwin.grid(manager, "proximal"), mask),
                grid.fill(manager, tokenWeights(objective, 1)),
                grid.fill(manager, tokenWeights(objective, -1)),
                grid.fill(manager, trust().stream().map(TrustRegion::lower).toList()),
                grid.fill(manager, trust().stream().map(TrustRegion::upper).toList()),
                objective.penalty(
                        manager,
                        logprobs,
                        TinyTwin.grid(manager, "reference"),
                        mask,
                        TinyTwin.number("beta")),
                grid.fill(manager, tokenWeights(objective, 0)));
    }

    private List<TrustRegion> trust() {
        List<TrustRegion> trust = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            trust.add(
                    TrustRegion.of(
                            TinyTwin.completion("proximal", row),
                            TinyTwin.completion("behaviour", row),
                            PpoSettings.defaults()));
        }
        return trust;
    }

    /// `c w` times the part of the advantages that has `sign`; for sign 0, `c w` itself.
    private List<double[]> tokenWeights(GroupObjective objective, int sign) {
        double[] advantages = advantages(objective);
        List<double[]> weights = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            double[] of = trust().get(row).weights().clone();
            double part = sign == 0 ? 1 : advantages[row] * sign > 0 ? advantages[row] : 0;
            for (int t = 0; t < of.length; t++) {
                of[t] *= part * objective.tokenWeight(rows, of.length);
            }
            weights.add(of);
        }
        return weights;
    }

    private double[] advantages(GroupObjective objective) {
        double[] rewards = new double[rows];
        for (int row = 0; row < rows; row++) {
            double[] kl =
                    KlEstimator.K1.perToken(
                            TinyTwin.completion("behaviour", row),
                            TinyTwin.completion("reference", row));
            rewards[row] =
                    objective.reward(
                            TinyTwin.numbers("scores")[row],
                            Arrays.stream(kl).sum(),
                            TinyTwin.number("beta"));
        }
        double[] advantages = new double[rows];
        for (int from = 0; from < rows; from += GROUP) {
            double[] ofGroup =
                    objective.advantages(Arrays.copyOfRange(rewards, from, from + GROUP));
            System.arraycopy(ofGroup, 0, advantages, from, GROUP);
        }
        return advantages;
    }
}
