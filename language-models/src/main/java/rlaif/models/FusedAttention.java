package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/// What {@link CausalAttention} computes, in memory that grows with the length and not with its
/// square: libtorch's fused kernel (FlashAttention, 2205.14135) holds a tile of the scores at a
/// time.
final class FusedAttention implements Attention {

    private static final TorchFormula FORMULA =
            TorchFormula.of(
                    "queries: Tensor, keys: Tensor, values: Tensor",
                    """
                    return torch.scaled_dot_product_attention(queries, keys, values, None, 0., True, scale=1.)
                    """);

    private final ModelShape shape;
    private final long batch;
    private final long time;
    private final Rotary rotary;

    FusedAttention(ModelShape shape, long batch, long time, Rotary rotary) {
        this.shape = shape;
        this.batch = batch;
        this.time = time;
        this.rotary = rotary;
    }

    @Override
    public NDArray attend(int layer, NDArray queryKeyValue) {
        HeadViews views = HeadViews.of(shape, queryKeyValue, rotary, batch, time);
        NDArray queries = // (batch, heads, time, headWidth)
                views.queries()
                        .reshape(new Shape(batch, time, shape.heads(), shape.headWidth()))
                        .transpose(0, 2, 1, 3);
        NDArray mixed = // (batch, heads, time, headWidth)
                FORMULA.of(queries, forEveryQuery(views.keys()), forEveryQuery(views.values()));
        return mixed.transpose(0, 2, 1, 3)
                .reshape(new Shape(batch * time, (long) shape.heads() * shape.headWidth()));
    }

    /// Keys or values, (batch, keyValueHeads, time, headWidth), once for each query head that
    /// shares them: (batch, heads, time, headWidth).
    private NDArray forEveryQuery(NDArray shared) {
        long keyHeads = shape.keyValueHeads();
        long queries = shape.queriesPerKey();
        long width = shape.headWidth();
        return shared.reshape(new Shape(batch, keyHeads, 1, time, width))
                .broadcast(new Shape(batch, keyHeads, queries, time, width))
                .reshape(new Shape(batch, shape.heads(), time, width));
    }
}
