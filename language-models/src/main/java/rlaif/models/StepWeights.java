package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/// The flat parameters seen as matrices for one step: views that live as long as the step's
/// manager.
///
/// @param embedding (vocabulary, width), also the output matrix
/// @param finalNorm (width)
/// @param head the head's own matrices: none, or score weight (1, width) and bias (1)
record StepWeights(NDArray embedding, List<Layer> layers, NDArray finalNorm, List<NDArray> head) {

    /// The matrices of one decoder layer.
    ///
    /// @param attentionNorm (width)
    /// @param queryKeyValue ((heads + 2 keyValueHeads) headWidth, width)
    /// @param output (width, heads headWidth)
    /// @param feedForwardNorm (width)
    /// @param gateUp (2 feedForwardWidth, width)
    /// @param down (width, feedForwardWidth)
    record Layer(
            NDArray attentionNorm,
            NDArray queryKeyValue,
            NDArray output,
            NDArray feedForwardNorm,
            NDArray gateUp,
            NDArray down) {}

    private static final int BLOCKS_PER_LAYER = 6;

    static StepWeights of(NDManager step, NDArray flat, ParameterLayout layout, int layerCount) {
        List<NDArray> blocks = split(step, flat, layout);
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < layerCount; layer++) {
            int at = 1 + layer * BLOCKS_PER_LAYER;
            layers.add(
                    new Layer(
                            blocks.get(at),
                            blocks.get(at + 1),
                            blocks.get(at + 2),
                            blocks.get(at + 3),
                            blocks.get(at + 4),
                            blocks.get(at + 5)));
        }
        int afterLayers = 1 + layerCount * BLOCKS_PER_LAYER;
        return new StepWeights(
                blocks.get(0),
                layers,
                blocks.get(afterLayers),
                List.copyOf(blocks.subList(afterLayers + 1, blocks.size())));
    }

    private static List<NDArray> split(NDManager step, NDArray flat, ParameterLayout layout) {
        List<ParameterLayout.Block> blocks = layout.blocks();
        long[] cuts = new long[blocks.size() - 1];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = blocks.get(i + 1).offset();
        }
        NDList pieces =
                flat.split(cuts); // results lie in the long-lived manager of `flat` until attached
        pieces.attach(step);
        List<NDArray> matrices = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            ParameterLayout.Block block = blocks.get(i);
            NDArray piece = pieces.get(i);
            matrices.add(
                    block.columns() == 0
                            ? piece
                            : piece.reshape(new Shape(block.rows(), block.columns())));
        }
        return matrices;
    }
}
