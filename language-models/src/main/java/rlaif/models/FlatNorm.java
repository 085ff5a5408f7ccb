package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/// The Euclidean norm of a long flat array, to float32's precision whatever the length.
///
/// On the processor, libtorch adds the squares of one float32 array one by one, and a sum that has
/// grown takes small ones in no more: 3.4 million values give a norm 7e-5 too small, 494 million
/// one 9 % too small. So the norms of short rows are taken, and theirs in float64.
final class FlatNorm {
    private static final int ROW = 4096;

    private FlatNorm() {}

    /// @param values (n)
    static double of(NDManager step, NDArray values) {
        long whole = values.size() / ROW * ROW;
        double squares = 0;
        if (whole > 0) {
            NDArray rows = values.get(step, new NDIndex("0:{}", whole));
            squares += square(rows.reshape(new Shape(whole / ROW, ROW)).norm(new int[] {1}));
        }
        if (whole < values.size()) {
            squares += square(values.get(step, new NDIndex("{}:", whole)).norm(true));
        }
        return Math.sqrt(squares);
    }

    private static double square(NDArray norms) {
        double norm = norms.toType(DataType.FLOAT64, false).norm().getDouble();
        return norm * norm;
    }
}
