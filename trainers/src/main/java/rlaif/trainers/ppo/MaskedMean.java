package rlaif.trainers.ppo;

import ai.djl.ndarray.NDArray;

/// The mean of a per-token quantity over completion tokens: `sum(x m) / sum(m)`, every token of the
/// minibatch weighing the same.
final class MaskedMean {
    private MaskedMean() {}

    static NDArray of(NDArray perToken, NDArray completionMask) { // (batch,time-1) both
        NDArray total = perToken.mul(completionMask).sum();
        return total.div(completionMask.sum()); // ()
    }
}
