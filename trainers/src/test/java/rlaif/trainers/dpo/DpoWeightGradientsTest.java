package rlaif.trainers.dpo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;
import rlaif.models.Transformer;
import rlaif.trainers.TinyTwin;

class DpoWeightGradientsTest {
    @Test
    void lossOfDpoHasTheTwinsGradientInEveryWeight() {
        requireGradient("dpo", new Dpo(TinyTwin.number("beta")));
    }

    @Test
    void lossOfIpoHasTheTwinsGradientInEveryWeight() {
        requireGradient("ipo", new Ipo(TinyTwin.number("beta")));
    }

    private static void requireGradient(String name, DirectObjective objective) {
        try (Transformer policy = TinyTwin.languageModel()) {
            TinyTwin.assertGradient(
                    name,
                    policy,
                    manager ->
                            objective.loss(manager, logRatios(manager, policy), labels(manager)));
        }
    }

    /// Completions 0 and 1 are a pair, 2 and 3 another.
    private static NDArray logRatios(NDManager manager, Transformer policy) {
        NDArray ratios =
                TinyTwin.logprobs(manager, policy)
                        .sub(TinyTwin.grid(manager, "reference"))
                        .mul(TinyTwin.sequences().completionMask(manager))
                        .sum(new int[] {1}); // (4)
        return ratios.get("0::2").sub(ratios.get("1::2")); // (2)
    }

    private static NDArray labels(NDManager manager) {
        double[] labels = TinyTwin.numbers("labels");
        return manager.create(new float[] {(float) labels[0], (float) labels[1]});
    }
}
