package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;

/// Keys and values of every layer for a batch that grows by columns, in arrays that are allocated
/// once.
final class KeyValueCache implements AutoCloseable {

    private final ModelShape shape;
    private final NDManager manager;
    private final int rows;
    private final int columns;
    private final List<NDArray> keys =
            new ArrayList<>(); // each (rows, keyValueHeads, columns, headWidth)
    private final List<NDArray> values = new ArrayList<>();

    KeyValueCache(ModelShape shape, NDManager parent, int rows, int columns) {
        this.shape = shape;
        this.manager = parent.newSubManager();
        this.rows = rows;
        this.columns = columns;
        Shape size = new Shape(rows, shape.keyValueHeads(), columns, shape.headWidth());
        for (int layer = 0; layer < shape.layers(); layer++) {
            keys.add(manager.zeros(size));
            values.add(manager.zeros(size));
        }
    }

    /// Bytes one cached column of one sequence takes.
    static long bytesPerToken(ModelShape shape) {
        return 2L * Float.BYTES * shape.layers() * shape.keyValueHeads() * shape.headWidth();
    }

    boolean holds(int wantedRows, int wantedColumns) {
        return wantedRows <= rows && wantedColumns <= columns;
    }

    /// Writes new columns at `column`; both (batch, keyValueHeads, time, headWidth).
    void put(int layer, int column, NDArray newKeys, NDArray newValues) {
        put(keys.get(layer), column, newKeys);
        put(values.get(layer), column, newValues);
    }

    /// The first `batch` rows and `length` columns of the keys: a view.
    NDArray keys(NDManager step, int layer, int batch, int length) {
        return view(step, keys.get(layer), batch, length);
    }

    /// The first `batch` rows and `length` columns of the values: a view.
    NDArray values(NDManager step, int layer, int batch, int length) {
        return view(step, values.get(layer), batch, length);
    }

    /// Makes the given rows, in their order, the first ones; a row may be given more than once.
    ///
    /// @param taken row numbers, int64
    /// @param batch rows before
    /// @param length columns in use
    void takeRows(NDManager step, NDArray taken, int batch, int length) {
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (NDArray cache : List.of(keys.get(layer), values.get(layer))) {
                NDArray rest = view(step, cache, batch, length).get(new NDIndex("{}", taken));
                put(cache, 0, rest);
                rest.close();
            }
        }
    }

    @Override
    public void close() {
        manager.close();
    }

    private static void put(NDArray cache, int column, NDArray columns) {
        Shape size = columns.getShape();
        JniUtils.indexSet(
                (PtNDArray) cache,
                (PtNDArray) columns,
                new long[] {0, 0, column, 0},
                new long[] {size.get(0), size.get(1), column + size.get(2), size.get(3)},
                new long[] {1, 1, 1, 1});
    }

    private static NDArray view(NDManager step, NDArray cache, int batch, int length) {
        PtNDArray someRows = JniUtils.slice((PtNDArray) cache, 0, 0, batch, 1);
        someRows.attach(step);
        return JniUtils.slice(someRows, 2, 0, length, 1);
    }
}
