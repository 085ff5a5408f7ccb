package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;

/// Keys and values of every layer, a row for each sequence and a column for each of its tokens, in
/// arrays that are allocated once.
final class KeyValueCache implements AutoCloseable {

    /// Between two caches: a row at a time, of all layers.
    private static final TorchFormula COPY_ROWS =
            TorchFormula.of(
                    "source: Tensor, target: Tensor, taken: List[int], to: List[int],"
                            + " begin: int, end: int",
                    """
                    rows = torch.slice(source, 3, begin, end, 1)
                    columns = torch.slice(target, 3, begin, end, 1)
                    for i in range(torch.len(to)):
                      _0 = torch.copy_(torch.select(columns, 1, to[i]), torch.select(rows, 1, taken[i]))
                    return source
                    """);

    /// Within a cache: a layer at a time, whose rows are set aside before one is written.
    private static final TorchFormula MOVE_ROWS =
            TorchFormula.of(
                    "all: Tensor, taken: Tensor, to: List[int], begin: int, end: int",
                    """
                    for layer in torch.unbind(torch.slice(all, 3, begin, end, 1), 0):
                      rows = torch.index_select(layer, 0, taken)
                      for i in range(torch.len(to)):
                        _0 = torch.copy_(torch.select(layer, 0, to[i]), torch.select(rows, 0, i))
                    return all
                    """);

    private final NDManager manager;
    private final int rows;
    private final int columns;
    private final NDArray all; // (2 layers, rows, keyValueHeads, columns, headWidth)
    private final List<NDArray> keys =
            new ArrayList<>(); // views, each (rows, keyValueHeads, columns, headWidth)
    private final List<NDArray> values = new ArrayList<>();

    KeyValueCache(ModelShape shape, NDManager parent, int rows, int columns) {
        this.manager = parent.newSubManager();
        this.rows = rows;
        this.columns = columns;
        this.all =
                manager.zeros(
                        new Shape(
                                2L * shape.layers(),
                                rows,
                                shape.keyValueHeads(),
                                columns,
                                shape.headWidth()));
        for (int layer = 0; layer < shape.layers(); layer++) {
            keys.add(all.get(2L * layer));
            values.add(all.get(2L * layer + 1));
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

    /// Copies some columns of rows to other rows, as if all at once: a row may be copied to several
    /// others, and may be written itself.
    ///
    /// @param to the rows written, one for each of `from`, none of them twice
    void moveRows(long[] from, long[] to, int fromColumn, int toColumn) {
        try (NDManager step = manager.newSubManager()) {
            MOVE_ROWS.run(
                    IValue.from((PtNDArray) all),
                    IValue.from((PtNDArray) step.create(from)),
                    IValue.listFrom(to),
                    IValue.from((long) fromColumn),
                    IValue.from((long) toColumn));
        }
    }

    /// Copies some columns of another cache's rows to rows of this one.
    ///
    /// @param to the rows written, one for each of `from`, none of them twice
    void copyRows(KeyValueCache source, long[] from, long[] to, int fromColumn, int toColumn) {
        COPY_ROWS.run(
                IValue.from((PtNDArray) source.all),
                IValue.from((PtNDArray) all),
                IValue.listFrom(from),
                IValue.listFrom(to),
                IValue.from((long) fromColumn),
                IValue.from((long) toColumn));
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
