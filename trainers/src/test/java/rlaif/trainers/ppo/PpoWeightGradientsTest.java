package rlaif.trainers.ppo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import rlaif.models.Transformer;
import rlaif.trainers.TinyTwin;

class PpoWeightGradientsTest {
    private final CompletionGrid grid = new CompletionGrid(TinyTwin.sequences());
    private final List<TrustRegion> trust = new ArrayList<>();
    private final List<double[]> advantages = new ArrayList<>();

    PpoWeightGradientsTest() {
        for (int row = 0; row < TinyTwin.sequences().size(); row++) {
            trust.add(
                    TrustRegion.of(
                            TinyTwin.completion("proximal", row),
                            TinyTwin.completion("behaviour", row),
                            PpoSettings.defaults()));
            float[] of = TinyTwin.completion("advantages", row);
            double[] wide = new double[of.length];
            for (int t = 0; t < wide.length; t++) {
                wide[t] = of[t];
            }
            advantages.add(wide);
        }
    }

    @Test
    void policyLossHasTheTwinsGradientInEveryWeight() {
        try (Transformer policy = TinyTwin.languageModel()) {
            TinyTwin.assertGradient("policy", policy, manager -> policyLoss(manager, policy));
        }
    }

    private NDArray policyLoss(NDManager manager, Transformer policy) {
        NDArray mask = TinyTwin.sequences().completionMask(manager);
        NDArray ratios =
                PolicyLoss.ratios(
                        TinyTwin.logprobs(manager, policy),
                        TinyTwin.grid(manager, "proximal"),
                        mask);
        return PolicyLoss.of(
                ratios,
                grid.fill(manager, weighted(1)),
                grid.fill(manager, weighted(-1)),
                grid.fill(manager, trust.stream().map(TrustRegion::lower).toList()),
                grid.fill(manager, trust.stream().map(TrustRegion::upper).toList()),
                mask);
    }

    private List<double[]> weighted(int sign) {
        List<double[]> rows = new ArrayList<>();
        for (int row = 0; row < trust.size(); row++) {
            rows.add(PolicyLoss.weighted(trust.get(row), advantages.get(row), sign));
        }
        return rows;
    }

    @Test
    void valueLossHasTheTwinsGradientInEveryWeight() {
        try (Transformer valueModel = TinyTwin.scalarModel()) {
            TinyTwin.assertGradient(
                    "value",
                    valueModel,
                    manager ->
                            ValueLoss.of(
                                    valueModel
                                            .scalars(manager, TinyTwin.sequences())
                                            .get(":, 0:-1"),
                                    TinyTwin.grid(manager, "oldValues"),
                                    TinyTwin.grid(manager, "returns"),
                                    TinyTwin.sequences().completionMask(manager),
                                    TinyTwin.number("valueClipRange")));
        }
    }
}
