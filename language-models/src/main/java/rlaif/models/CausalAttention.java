package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/// Attention over whole right-padded sequences: a position sees itself and what is before it, so
/// padding is never seen by a token.
///
/// The earlier half of the positions is multiplied by the earlier half of the keys alone: a quarter
/// of all scores is neither computed nor masked.
final class CausalAttention implements Attention {

    /// Positions up to which whole squares of scores are computed; {@link FusedAttention} takes
    /// over.
    static final int LONGEST = 256;

    private final ModelShape shape;
    private final long batch;
    private final long time;
    private final long half;
    private final Rotary rotary;
    private final NDArray earlierMask; // (queriesPerKey half, half)
    private final NDArray laterMask; // (queriesPerKey (time - half), time)

    /// @param mask (time, time)
    CausalAttention(ModelShape shape, long batch, long time, Rotary rotary, NDArray mask) {
        this.shape = shape;
        this.batch = batch;
        this.time = time;
        this.half = time / 2;
        this.rotary = rotary;
        this.earlierMask = forEveryQuery(slice(slice(mask, 0, 0, half), 1, 0, half));
        this.laterMask = forEveryQuery(slice(mask, 0, half, time));
    }

    @Override
    public NDArray attend(int layer, NDArray queryKeyValue) {
        HeadViews views = HeadViews.of(shape, queryKeyValue, rotary, batch, time);
        NDArray queries = views.queries();
        NDArray keys = views.keys();
        NDArray values = views.values();
        NDArray later = attended(slice(queries, 1, half, time), keys, values, laterMask);
        if (half == 0) {
            return HeadViews.joined(later);
        }
        NDArray earlier =
                attended(
                        slice(queries, 1, 0, half),
                        slice(keys, 2, 0, half),
                        slice(values, 2, 0, half),
                        earlierMask);
        return HeadViews.joined(earlier.concat(later, 1));
    }

    /// Some positions, (batch, times, keyValueHeads, queriesPerKey, headWidth), attending to some
    /// keys and values, (batch, keyValueHeads, length, headWidth).
    private NDArray attended(NDArray queries, NDArray keys, NDArray values, NDArray mask) {
        try (NDArray rows = HeadViews.rows(queries);
                NDArray scores = // (batch, keyValueHeads, queriesPerKey times, length)
                        rows.matMul(keys.swapAxes(2, 3)).addi(mask);
                NDArray weights = scores.softmax(-1)) {
            return HeadViews.places(shape, weights.matMul(values));
        }
    }

    /// The mask (times, length) for rows in which the queries that share a key lie below each
    /// other.
    private NDArray forEveryQuery(NDArray mask) {
        long times = mask.getShape().get(0);
        long length = mask.getShape().get(1);
        long queries = shape.queriesPerKey();
        return mask.reshape(new Shape(1, times, length))
                .broadcast(new Shape(queries, times, length))
                .reshape(new Shape(queries * times, length));
    }

    private static NDArray slice(NDArray of, int axis, long from, long to) {
        return JniUtils.slice((PtNDArray) of, axis, from, to, 1);
    }
}
