package rlaif.models;

import ai.djl.ndarray.NDArray;

/// How the positions of one forward pass see each other.
interface Attention {

    /// Mixes the values of the visible positions.
    ///
    /// @param queryKeyValue (batch time, (heads + 2 keyValueHeads) headWidth)
    /// @return (batch time, heads headWidth)
    NDArray attend(int layer, NDArray queryKeyValue);
}
