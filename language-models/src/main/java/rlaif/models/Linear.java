package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import org.jspecify.annotations.Nullable;

/// A matrix that features are multiplied by, with or without a bias and an adapter.
///
/// @param weight (outputs, inputs)
/// @param bias (outputs), or null where the model has none
/// @param lowRank what adapters add, or null where there are none
record Linear(NDArray weight, @Nullable NDArray bias, @Nullable LowRank lowRank) {

    /// (n, inputs) to (n, outputs).
    NDArray of(NDArray x) {
        NDArray y = JniUtils.linear((PtNDArray) x, (PtNDArray) weight, (PtNDArray) bias);
        if (lowRank == null) {
            return y;
        }
        try (NDArray added = lowRank.of(x)) {
            return y.addi(added);
        }
    }
}
