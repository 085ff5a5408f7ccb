package rlaif.trainers.ppo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;

/// The clipped squared error of the value model (N+, Huang et al. 2403.17031, detail 13).
///
/// `L = 1/2 E max[ (V - R)^2, (clip(V, V_old - c, V_old + c) - R)^2 ]` with returns `R` and the
/// values `V_old` of the start of the step: the maximum takes the gradient away where a value has
/// already moved by `c` towards its return. The value model has an optimizer of its own, so that no
/// coefficient weighs this loss against the policy's.
final class ValueLoss {
    private ValueLoss() {}

    /// The scalar loss; gradients flow through `values` alone. All arrays `(batch, time-1)` but the
    /// last.
    static NDArray of(
            NDArray values,
            NDArray oldValues,
            NDArray returns,
            NDArray completionMask,
            double valueClipRange) {
        NDArray moved = values.sub(oldValues).clip(-valueClipRange, valueClipRange);
        NDArray error = values.sub(returns); // (batch,time-1)
        NDArray clippedError = oldValues.add(moved).sub(returns); // (batch,time-1)
        NDArray worst = NDArrays.maximum(error.mul(error), clippedError.mul(clippedError));
        NDArray mean = MaskedMean.of(worst, completionMask); // ()
        NDArray one = mean.onesLike();
        return mean.div(one.add(one)); // ()
    }
}
