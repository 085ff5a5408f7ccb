package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;

/// Queries, keys and values of one layer, rotated to their positions and laid out by key-value
/// head: views.
///
/// @param queries (batch, time, keyValueHeads, queriesPerKey, headWidth), scaled by 1 /
///   sqrt(headWidth)
/// @param keys (batch, keyValueHeads, time, headWidth)
/// @param values (batch, keyValueHeads, time, headWidth)
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
        NDArray queries =
                queriesAndKeys
                        .get(0)
                        .reshape(
                                new Shape(batch, time, keyHeads, shape.queriesPerKey(), headWidth));
        NDArray keys = queriesAndKeys.get(1).transpose(0, 2, 1, 3);
        NDArray values =
                parts.get(1)
                        .reshape(new Shape(batch, time, keyHeads, headWidth))
                        .transpose(0, 2, 1, 3);
        return new HeadViews(queries, keys, values);
    }

    /// Queries as rows that one matrix of keys is multiplied by: those that share a key head lie
    /// below each other, so that grouped-query attention (2305.13245) repeats no keys.
    ///
    /// @param queries (batch, time, keyValueHeads, queriesPerKey, headWidth)
    /// @return (batch, keyValueHeads, queriesPerKey time, headWidth)
    static NDArray rows(NDArray queries) {
        Shape from = queries.getShape();
        return queries.transpose(0, 2, 3, 1, 4)
                .reshape(
                        new Shape(
                                from.get(0), from.get(2), from.get(3) * from.get(1), from.get(4)));
    }

    /// What became of such rows, at the places of the queries again: a view.
    ///
    /// @param mixed (batch, keyValueHeads, queriesPerKey time, headWidth)
    /// @return (batch, time, keyValueHeads, queriesPerKey, headWidth)
    static NDArray places(ModelShape shape, NDArray mixed) {
        Shape from = mixed.getShape();
        long queriesPerKey = shape.queriesPerKey();
        return mixed.reshape(
                        new Shape(
                                from.get(0),
                                from.get(1),
                                queriesPerKey,
                                from.get(2) / queriesPerKey,
                                from.get(3)))
                .transpose(0, 3, 1, 2, 4);
    }

    /// The heads' results side by side.
    ///
    /// @param places (batch, time, keyValueHeads, queriesPerKey, headWidth)
    /// @return (batch time, heads headWidth)
    static NDArray joined(NDArray places) {
        Shape from = places.getShape();
        return places.reshape(
                new Shape(from.get(0) * from.get(1), from.get(2) * from.get(3) * from.get(4)));
    }
}
