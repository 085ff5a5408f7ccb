package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/// Attention of new columns to the columns of a cache that their sequences see, whose keys and
/// values it puts there first.
final class CachedAttention implements Attention {

    private final ModelShape shape;
    private final NDManager step;
    private final KeyValueCache cache;
    private final CacheWindow window;
    private final Rotary rotary;
    private final NDArray mask;

    /// @param mask broadcast to (rows, keyValueHeads, queriesPerKey, time, columns seen), added to
    ///   scores
    CachedAttention(
            ModelShape shape,
            NDManager step,
            KeyValueCache cache,
            CacheWindow window,
            Rotary rotary,
            NDArray mask) {
        this.shape = shape;
        this.step = step;
        this.cache = cache;
        this.window = window;
        this.rotary = rotary;
        this.mask = mask;
    }

    @Override
    public NDArray attend(int layer, NDArray queryKeyValue) {
        int batch = window.rows();
        int time = window.time();
        int length = window.length();
        HeadViews views = HeadViews.of(shape, queryKeyValue, rotary, batch, time);
        cache.put(layer, window, views.keys(), views.values());
        int keyHeads = shape.keyValueHeads();
        int queries = shape.queriesPerKey();
        NDArray keys = cache.keys(step, layer, window);
        NDArray scores =
                HeadViews.rows(views.queries())
                        .matMul(keys.swapAxes(2, 3)); // (batch, kv, queriesPerKey time, length)
        NDArray weights =
                scores.reshape(new Shape(batch, keyHeads, queries, time, length))
                        .addi(mask)
                        .softmax(-1);
        NDArray mixed =
                weights.reshape(new Shape(batch, keyHeads, (long) queries * time, length))
                        .matMul(cache.values(step, layer, window));
        return HeadViews.joined(HeadViews.places(shape, mixed));
    }
}
