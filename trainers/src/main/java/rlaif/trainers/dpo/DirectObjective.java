package rlaif.trainers.dpo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/// A loss of the policy on labelled pairs, in the log-ratio by which it prefers the first.
///
/// `m = log pi/pi_ref (y1|x) - log pi/pi_ref (y2|x)`: how much more the policy favours `y1` over
/// `y2` than the reference policy does.
public sealed interface DirectObjective permits Dpo, Ipo {
    /// The scalar loss; gradients flow through `logRatios` alone.
    ///
    /// @param logRatios `m`, `(batch)`
    /// @param firstProbabilities soft labels, `(batch)`
    NDArray loss(NDManager step, NDArray logRatios, NDArray firstProbabilities);

    /// Strength of the tie to the reference policy.
    double beta();

    /// Refuses a strength that is none.
    static void requireBeta(double beta) {
        if (!(beta > 0 && Double.isFinite(beta))) {
            throw new IllegalArgumentException("dpo.beta must be above 0, got " + beta);
        }
    }
}
