package rlaif.trainers.ppo;

import ai.djl.ndarray.NDArray;

/// The mean of a per-token quantity over the completion tokens of a minibatch: `sum(x m) / n`,
/// every token weighing the same.
///
/// `n` is the count of a whole minibatch, of which one call may see only a slice: the slices'
/// results add up to the mean.
final class MaskedMean {
    private MaskedMean() {}

    static NDArray of(
            NDArray perToken, NDArray completionMask, NDArray tokens) { // (batch,time-1) twice, ()
        return perToken.mul(completionMask).sum().div(tokens); // ()
    }
}
