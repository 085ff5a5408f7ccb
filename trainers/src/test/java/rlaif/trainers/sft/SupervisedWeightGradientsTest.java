package rlaif.trainers.sft;

import org.junit.jupiter.api.Test;
import rlaif.models.Transformer;
import rlaif.trainers.TinyTwin;

class SupervisedWeightGradientsTest {
    @Test
    void supervisedLossHasTheTwinsGradientInEveryWeight() {
        try (Transformer policy = TinyTwin.languageModel()) {
            TinyTwin.assertGradient(
                    "supervised",
                    policy,
                    manager ->
                            SupervisedLoss.of(
                                    TinyTwin.logprobs(manager, policy),
                                    TinyTwin.sequences().completionMask(manager)));
        }
    }
}
