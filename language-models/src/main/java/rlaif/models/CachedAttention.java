package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/// Attention of new columns to all columns so far, whose keys and values it keeps in a cache.
/// Sequences are padded left, so that all grow at the same column.
final class CachedAttention implements Attention {

    private final ModelShape shape;
    private final NDManager step;
    private final KeyValueCache cache;
    private final int batch;
    private final int column;
    private final int time;
    private final Rotary rotary;
    private final NDArray mask;

    /// @param column the first new column
    /// @param time new columns
    /// @param mask broadcast to (batch, keyValueHeads, queriesPerKey, time, column + time), added
    ///   to scores
    CachedAttention(
            ModelShape shape,
            NDManager step,
            KeyValueCache cache,
            int batch,
            int column,
            int time,
            Rotary rotary,
            NDArray mask) {
        this.shape = shape;
        this.step = step;
        this.cache = cache;
        this.batch = batch;
        this.column = column;
        this.time = time;
        this.rotary = rotary;
        this.mask = mask;
    }

    @Override
    public NDArray attend(int layer, NDArray queryKeyValue) {
        HeadViews views = HeadViews.of(shape, queryKeyValue, rotary, batch, time);
        cache.put(layer, column, views.keys(), views.values());
        int length = column + time;
        int keyHeads = shape.keyValueHeads();
        NDArray keys = cache.keys(step, layer, batch, length);
        NDArray scores =
                views.queries()
                        .matMul(keys.swapAxes(2, 3)); // (batch, kv, queriesPerKey time, length)
        NDArray weights =
                scores.reshape(new Shape(batch, keyHeads, shape.queriesPerKey(), time, length))
                        .addi(mask)
                        .softmax(-1);
        NDArray mixed =
                weights.reshape(
                                new Shape(
                                        batch,
                                        keyHeads,
                                        (long) shape.queriesPerKey() * time,
                                        length))
                        .matMul(cache.values(step, layer, batch, length));
        return HeadViews.joined(shape, mixed, batch, time);
    }
}
