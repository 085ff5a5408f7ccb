package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/// Attention over whole right-padded sequences: a position sees itself and what is before it, so
/// padding is never seen by a token.
final class CausalAttention implements Attention {

    private final ModelShape shape;
    private final long batch;
    private final long time;
    private final Rotary rotary;
    private final NDArray mask; // (time, time)

    CausalAttention(ModelShape shape, long batch, long time, Rotary rotary, NDArray mask) {
        this.shape = shape;
        this.batch = batch;
        this.time = time;
        this.rotary = rotary;
        this.mask = mask;
    }

    @Override
    public NDArray attend(int layer, NDArray queryKeyValue) {
        HeadViews views = HeadViews.of(shape, queryKeyValue, rotary, batch, time);
        long heads = shape.keyValueHeads();
        long queryRows = shape.queriesPerKey() * time;
        NDArray weights = weights(views);
        NDArray mixed =
                weights.reshape(new Shape(batch, heads, queryRows, time)).matMul(views.values());
        return HeadViews.joined(shape, mixed, batch, time);
    }

    /// (batch, kv, queriesPerKey, time, time); the scores go as soon as they are weights.
    private NDArray weights(HeadViews views) {
        Shape byQuery = new Shape(batch, shape.keyValueHeads(), shape.queriesPerKey(), time, time);
        try (NDArray scores = // (batch, kv, queryRows, time)
                        views.queries().matMul(views.keys().swapAxes(2, 3));
                NDArray reshaped = scores.reshape(byQuery);
                NDArray masked = reshaped.add(mask)) {
            return masked.softmax(-1);
        }
    }
}
