package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;

/// Keys and values of every layer, a row for each sequence and a column for each of its tokens, in
/// arrays that are allocated once.
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

    /// Writes the new columns of a window; both (rows, keyValueHeads, time, headWidth).
    void put(int layer, CacheWindow window, NDArray newKeys, NDArray newValues) {
        put(keys.get(layer), window.firstRow(), window.column(), newKeys);
        put(values.get(layer), window.firstRow(), window.column(), newValues);
    }

    /// The keys that a window sees: a view.
    NDArray keys(NDManager step, int layer, CacheWindow window) {
        return seen(step, keys.get(layer), window);
    }

    /// The values that a window sees: a view.
    NDArray values(NDManager step, int layer, CacheWindow window) {
        return seen(step, values.get(layer), window);
    }

    /// Copies columns of some rows to the rows that begin at `firstRow`; a row may be taken more
    /// than once, and may lie among those that are written.
    ///
    /// @param taken row numbers, int64
    void takeRows(NDManager step, NDArray taken, int firstRow, int fromColumn, int toColumn) {
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (NDArray cache : List.of(keys.get(layer), values.get(layer))) {
                NDArray copied =
                        view(step, cache, 0, rows, fromColumn, toColumn)
                                .get(new NDIndex("{}", taken));
                put(cache, firstRow, fromColumn, copied);
                copied.close();
            }
        }
    }

    /// Copies the first columns of a row to another.
    void copyRow(NDManager step, int from, int to, int toColumn) {
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (NDArray cache : List.of(keys.get(layer), values.get(layer))) {
                put(cache, to, 0, view(step, cache, from, from + 1, 0, toColumn));
            }
        }
    }

    @Override
    public void close() {
        manager.close();
    }

    private static void put(NDArray cache, int row, int column, NDArray columns) {
        Shape size = columns.getShape();
        JniUtils.indexSet(
                (PtNDArray) cache,
                (PtNDArray) columns,
                new long[] {row, 0, column, 0},
                new long[] {row + size.get(0), size.get(1), column + size.get(2), size.get(3)},
                new long[] {1, 1, 1, 1});
    }

    private static NDArray seen(NDManager step, NDArray cache, CacheWindow window) {
        return view(
                step,
                cache,
                window.firstRow(),
                window.firstRow() + window.rows(),
                window.seenFrom(),
                window.seenTo());
    }

    private static NDArray view(
            NDManager step, NDArray cache, int fromRow, int toRow, int fromColumn, int toColumn) {
        PtNDArray someRows = JniUtils.slice((PtNDArray) cache, 0, fromRow, toRow, 1);
        someRows.attach(step);
        return JniUtils.slice(someRows, 2, fromColumn, toColumn, 1);
    }
}
