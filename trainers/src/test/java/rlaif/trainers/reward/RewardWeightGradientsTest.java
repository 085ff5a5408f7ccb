package rlaif.trainers.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;
import rlaif.models.LastTokenScores;
import rlaif.models.Transformer;
import rlaif.trainers.TinyTwin;

class RewardWeightGradientsTest {
    @Test
    void preferenceLossHasTheTwinsGradientInEveryWeight() {
        try (Transformer rewardModel = TinyTwin.scalarModel()) {
            TinyTwin.assertGradient("reward", rewardModel, manager -> loss(manager, rewardModel));
        }
    }

    /// Completions 0 and 1 are a pair, 2 and 3 another.
    private static NDArray loss(NDManager manager, Transformer rewardModel) {
        NDArray scores = LastTokenScores.of(rewardModel, manager, TinyTwin.sequences()); // (4)
        double[] labels = TinyTwin.numbers("labels");
        return PreferenceLoss.of(
                scores.get("0::2"),
                scores.get("1::2"),
                manager.create(new float[] {(float) labels[0], (float) labels[1]}));
    }
}
