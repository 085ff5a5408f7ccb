package rlaif.trainers.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/// What a completion is worth beside the others of its group, and the loss made of that.
///
/// Both have one advantage for all tokens of a completion, and both take the clipped surrogate of
/// {@link rlaif.trainers.ppo.PolicyLoss} at every token, so that rollouts may be stale. They differ
/// in the advantage, in where the KL divergence stands, and in how tokens are weighed.
public sealed interface GroupObjective permits Rloo, Grpo {
    /// What the completion earns as a whole.
    ///
    /// @param kl estimate over the completion, nats
    double reward(double score, double kl, double beta);

    /// The advantage of each completion of one group, in the order of `rewards`; zero where there
    /// is nothing to compare with.
    double[] advantages(double[] rewards);

    /// Weight of each token of a completion of `tokens` in a minibatch of `completions`.
    double tokenWeight(int completions, int tokens);

    /// What is added to the loss at every token, `(batch, time-1)`; gradients flow through
    /// `policyLogprobs` alone.
    ///
    /// @param policyLogprobs log pi_theta, `(batch, time-1)` as the next
    /// @param referenceLogprobs log pi_ref, zero outside completions
    /// @param completionMask 1 on completion tokens
    NDArray penalty(
            NDManager step,
            NDArray policyLogprobs,
            NDArray referenceLogprobs,
            NDArray completionMask,
            double beta);
}
