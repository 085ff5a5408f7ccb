package rlaif.trainers.sft;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;
import rlaif.trainers.Twin;

class SupervisedLossTest {
    @Test
    void lossAndGradientEqualTheTwins() {
        Twin twin = Twin.of("supervised");
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray logprobs = twin.grid(manager, "logprobs");
            twin.assertLoss(
                    () -> SupervisedLoss.of(logprobs, Twin.mask(manager)), logprobs, "gradient");
        }
    }
}
