package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/// The rotary position embedding (RoFormer, 2104.09864, 3.2.2) of some positions: features `i` and
/// `i + headWidth / 2` of a head are the two coordinates of a point that turns by `position
/// theta^(-2 i / headWidth)`.
///
/// Query heads are scaled by attention's `1 / sqrt(headWidth)` on the way.
///
/// @param cosine broadcast to (batch, time, heads + keyValueHeads, headWidth)
/// @param sine the same shape; negative for the first half of each head
record Rotary(NDArray cosine, NDArray sine) {

    /// @param heads query heads, then key heads: (batch, time, heads + keyValueHeads, headWidth)
    NDArray turn(NDArray heads) {
        NDList halves = heads.split(2, 3);
        try (NDArray swapped = halves.get(1).concat(halves.get(0), 3);
                NDArray turned = swapped.mul(sine)) {
            return heads.mul(cosine).addi(turned);
        }
    }
}
