package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import org.jspecify.annotations.Nullable;

/// A matrix that features are multiplied by, with or without a bias and an adapter.
///
/// Where there are many rows the processor multiplies with oneDNN, which uses the widest vectors of
/// any maker's cores; libtorch's own choice, MKL, does so on Intel's only.
///
/// @param weight (outputs, inputs)
/// @param bias (outputs), or null where the model has none
/// @param lowRank what adapters add, or null where there are none
record Linear(NDArray weight, @Nullable NDArray bias, @Nullable LowRank lowRank) {

    /// Rows from which on oneDNN is worth the copies into its arrays and back.
    private static final int MANY_ROWS = 256;

    /// oneDNN prepares a multiplication for each number of rows and keeps the last thousand: many
    /// rows come in multiples of this.
    private static final int ROWS_TOGETHER = 32;

    private static final TorchFormula ONE_DNN =
            TorchFormula.of(
                    "x: Tensor, weight: Tensor",
                    """
                    return torch.to_dense(torch.mkldnn_linear(torch.to_mkldnn(x), weight))
                    """);

    /// How many rows to multiply where so many are wanted; the rest is filled with any.
    static int filledUp(int rows) {
        return rows < MANY_ROWS ? rows : Math.ceilDiv(rows, ROWS_TOGETHER) * ROWS_TOGETHER;
    }

    /// (n, inputs) to (n, outputs).
    NDArray of(NDArray x) {
        NDArray y = product(x);
        if (lowRank == null) {
            return y;
        }
        try (NDArray added = lowRank.of(x)) {
            return y.addi(added);
        }
    }

    private NDArray product(NDArray x) {
        long rows = x.getShape().get(0);
        if (x.getDevice().isGpu() || rows < MANY_ROWS || rows % ROWS_TOGETHER != 0) {
            return JniUtils.linear((PtNDArray) x, (PtNDArray) weight, (PtNDArray) bias);
        }
        NDArray y = ONE_DNN.of(x, weight);
        return bias == null ? y : y.addi(bias);
    }
}
