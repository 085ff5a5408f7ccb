package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/// RMSNorm (1910.07467) over an axis of one width: `x / sqrt(mean(x^2) + epsilon) * weight`.
///
/// It is computed as `x (sqrt(width) / sqrt(|x|^2 + width epsilon)) weight`: a product has a
/// cheaper gradient than a quotient, and the quotient is of one number a row. Its scalars are
/// native arrays: DJL's overloads that take a Java number are unsafe under gradients.
final class RmsNorm {

    private final NDArray rootOfWidth; // sqrt(width)
    private final NDArray widthTimesEpsilon;

    RmsNorm(NDManager step, int width, double epsilon) {
        this.rootOfWidth = step.full(new Shape(1), (float) Math.sqrt(width));
        this.widthTimesEpsilon = step.full(new Shape(1), (float) (width * epsilon));
    }

    /// @param axis the last axis of `x`
    /// @param weight broadcast to `x`
    NDArray of(NDArray x, int axis, NDArray weight) {
        NDArray length = JniUtils.norm((PtNDArray) x, 2, new int[] {axis}, true); // (..., 1)
        NDArray scale = // (..., 1)
                rootOfWidth.div(length.square().add(widthTimesEpsilon).sqrt());
        scale.attach(x.getManager()); // as what is made of `x`, not as the constant
        return x.mul(scale).mul(weight);
    }
}
