package rlaif.trainers.batching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/// What the mean loss of one part counts in the mean over the whole step.
public final class LossShare {
    private LossShare() {}

    /// `loss` times `part / whole`, differentiable; itself where the part is the whole.
    ///
    /// @param part what the part's mean goes over, in tokens or sequences
    /// @param whole the same of all parts together
    public static NDArray of(NDManager step, NDArray loss, long part, long whole) {
        return part == whole
                ? loss
                : loss.mul(step.full(new Shape(1), (float) ((double) part / whole)));
    }
}
