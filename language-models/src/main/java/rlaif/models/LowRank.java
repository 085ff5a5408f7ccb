package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What adapters add to one multiplication, whose matrix holds one or more adapted ones below each
/// other: `scale B A x` in the rows of each, 0 in those of the rest.
///
/// What a backward pass needs of the way stays with it; the rest is closed at once.
///
/// @param scale (1), a native array: DJL's overloads that take a Java number are unsafe under
///   gradients
record LowRank(List<Part> parts, NDArray scale) {

    /// The rows of one matrix.
    ///
    /// @param a (rank, inputs), or null where the matrix has no adapter
    /// @param b (rows, rank), or null
    record Part(int rows, @Nullable NDArray a, @Nullable NDArray b) {}

    /// (n, inputs) to (n, outputs).
    NDArray of(NDArray x) {
        if (parts.size() == 1) {
            return of(parts.getFirst(), x);
        }
        try (NDList added = new NDList()) {
            for (Part part : parts) {
                added.add(of(part, x));
            }
            return NDArrays.concat(added, 1);
        }
    }

    private NDArray of(Part part, NDArray x) {
        if (part.a() == null || part.b() == null) {
            return x.getManager().zeros(new Shape(x.getShape().get(0), part.rows()));
        }
        try (PtNDArray inner = JniUtils.linear((PtNDArray) x, (PtNDArray) part.a(), null);
                NDArray scaled = inner.mul(scale)) { // (n, rank) both
            return JniUtils.linear((PtNDArray) scaled, (PtNDArray) part.b(), null);
        }
    }
}
