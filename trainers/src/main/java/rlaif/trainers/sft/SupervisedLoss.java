package rlaif.trainers.sft;

import ai.djl.ndarray.NDArray;

/// The negative log-likelihood of demonstrations, over completion tokens only.
///
/// `L = -1/N sum_i sum_t m_it log pi(y_it | x_i, y_i,<t)`, where `m` is 1 on completion tokens and
/// 0 on prompt and padding, and `N = sum m`: every token of a batch weighs the same.
public final class SupervisedLoss {
    private SupervisedLoss() {}

    /// The scalar loss of policy logprobs under a completion mask.
    public static NDArray of(
            NDArray policyLogprobs, NDArray completionMask) { // (batch,time-1) both
        NDArray total = policyLogprobs.mul(completionMask).sum();
        return total.neg().div(completionMask.sum()); // ()
    }
}
