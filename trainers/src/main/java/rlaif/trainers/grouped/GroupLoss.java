package rlaif.trainers.grouped;

import ai.djl.ndarray.NDArray;
import rlaif.trainers.ppo.PolicyLoss;

/// The loss of a group objective: its weighted surrogate, less its penalty, summed over tokens.
///
/// `L = - sum_it c_it w_it { min(u_it A_i, clip(u_it) A_i) - penalty_it }` with the token weights
/// `c` of {@link GroupObjective#tokenWeight}, and `w` and the clip interval of {@link
/// rlaif.trainers.ppo.TrustRegion}.
final class GroupLoss {
    private GroupLoss() {}

    /// The scalar loss; gradients flow through `ratios` and `penalty` alone.
    ///
    /// @param tokenWeights `c w`, zero outside completions
    static NDArray of(
            NDArray ratios, // (batch,time-1), as all others
            NDArray positiveAdvantages, // c w A+
            NDArray negativeAdvantages, // c w A-
            NDArray lower,
            NDArray upper,
            NDArray penalty,
            NDArray tokenWeights) {
        NDArray surrogate =
                PolicyLoss.surrogate(ratios, positiveAdvantages, negativeAdvantages, lower, upper);
        return penalty.mul(tokenWeights).sub(surrogate).sum(); // ()
    }
}
