package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;

/// Queries, keys and values of one layer, rotated to their positions and laid out by key-value
/// head.
///
/// Query heads that share a key head lie below each other, so that grouped-query attention
/// (2305.13245) multiplies without repeating keys.
///
/// @param queries (batch, keyValueHeads, queriesPerKey time, headWidth), scaled by 1 /
///   sqrt(headWidth)
/// @param keys (batch, keyValueHeads, time, headWidth), a view
/// @param values (batch, keyValueHeads, time, headWidth), a view
record HeadViews(NDArray queries, NDArray keys, NDArray values) {

    /// @param queryKeyValue (batch time, (heads + 2 keyValueHeads) headWidth)
    static HeadViews of(
            ModelShape shape, NDArray queryKeyValue, Rotary rotary, long batch, long time) {
        long heads = shape.heads();
        long keyHeads = shape.keyValueHeads();
        long headWidth = shape.headWidth();
        NDList parts = queryKeyValue.split(new long[] {(heads + keyHeads) * headWidth}, 1);
        NDArray rotated =
                rotary.turn(
                        parts.get(0).reshape(new Shape(batch, time, heads + keyHeads, headWidth)));
        NDList queriesAndKeys = rotated.split(new long[] {heads}, 2);
        long queriesPerKey = shape.queriesPerKey();
        NDArray queries =
                queriesAndKeys
                        .get(0)
                        .reshape(new Shape(batch, time, keyHeads, queriesPerKey, headWidth))
                        .transpose(0, 2, 3, 1, 4)
                        .reshape(new Shape(batch, keyHeads, queriesPerKey * time, headWidth));
        NDArray keys = queriesAndKeys.get(1).transpose(0, 2, 1, 3);
        NDArray values =
                parts.get(1)
                        .reshape(new Shape(batch, time, keyHeads, headWidth))
                        .transpose(0, 2, 1, 3);
        return new HeadViews(queries, keys, values);
    }

    /// Puts the heads' results side by side again.
    ///
    /// @param mixed (batch, keyValueHeads, queriesPerKey time, headWidth)
    /// @return (batch time, heads headWidth)
    static NDArray joined(ModelShape shape, NDArray mixed, long batch, long time) {
        return mixed.reshape(
                        new Shape(
                                batch,
                                shape.keyValueHeads(),
                                shape.queriesPerKey(),
                                time,
                                shape.headWidth()))
                .transpose(0, 3, 1, 2, 4)
                .reshape(new Shape(batch * time, (long) shape.heads() * shape.headWidth()));
    }
}
