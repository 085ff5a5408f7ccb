package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import org.jspecify.annotations.Nullable;

/// A matrix that features are multiplied by, with or without a bias.
///
/// @param weight (outputs, inputs)
/// @param bias (outputs), or null where the model has none
record Linear(NDArray weight, @Nullable NDArray bias) {

    /// (n, inputs) to (n, outputs).
    NDArray of(NDArray x) {
        return JniUtils.linear((PtNDArray) x, (PtNDArray) weight, (PtNDArray) bias);
    }
}
