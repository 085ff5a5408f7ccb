package rlaif.models;

import static rlaif.models.LoraTarget.DOWN_PROJ;
import static rlaif.models.LoraTarget.GATE_PROJ;
import static rlaif.models.LoraTarget.K_PROJ;
import static rlaif.models.LoraTarget.O_PROJ;
import static rlaif.models.LoraTarget.Q_PROJ;
import static rlaif.models.LoraTarget.UP_PROJ;
import static rlaif.models.LoraTarget.V_PROJ;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The flat parameters seen as matrices for one step: views that live as long as the step's
/// manager.
///
/// @param embedding (vocabulary, width)
/// @param finalNorm (width)
/// @param head to logits (vocabulary, width), the embedding where it is tied, or to a scalar (1,
///   width) with its bias
record StepWeights(NDArray embedding, List<Layer> layers, NDArray finalNorm, Linear head) {

    /// The matrices of one decoder layer.
    ///
    /// @param attentionNorm (width)
    /// @param queryKeyValue ((heads + 2 keyValueHeads) headWidth, width)
    /// @param queryKeyNorm (heads + keyValueHeads, headWidth), or null where the model has none
    /// @param output (width, heads headWidth)
    /// @param feedForwardNorm (width)
    /// @param gateUp (2 feedForwardWidth, width)
    /// @param down (width, feedForwardWidth)
    record Layer(
            NDArray attentionNorm,
            Linear queryKeyValue,
            @Nullable NDArray queryKeyNorm,
            Linear output,
            NDArray feedForwardNorm,
            Linear gateUp,
            Linear down) {}

    static StepWeights of(
            NDManager step,
            NDArray flat,
            ParameterLayout layout,
            ModelShape shape,
            Head head,
            @Nullable AdapterViews adapter) {
        ModelVariant variant = shape.variant();
        Iterator<NDArray> blocks = split(step, flat, layout).iterator();
        NDArray embedding = blocks.next();
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < shape.layers(); layer++) {
            layers.add(
                    new Layer(
                            blocks.next(),
                            linear(
                                    blocks,
                                    variant.queryKeyValueBias(),
                                    beside(adapter, layer, Q_PROJ, K_PROJ, V_PROJ)),
                            variant.queryKeyNorm()
                                    ? queryKeyNorm(blocks.next(), blocks.next(), shape)
                                    : null,
                            linear(blocks, variant.attentionBias(), beside(adapter, layer, O_PROJ)),
                            blocks.next(),
                            linear(
                                    blocks,
                                    variant.feedForwardBias(),
                                    beside(adapter, layer, GATE_PROJ, UP_PROJ)),
                            linear(
                                    blocks,
                                    variant.feedForwardBias(),
                                    beside(adapter, layer, DOWN_PROJ))));
        }
        NDArray finalNorm = blocks.next();
        return new StepWeights(
                embedding,
                layers,
                finalNorm,
                switch (head) {
                    case LANGUAGE_MODEL ->
                            variant.tiedHead()
                                    ? new Linear(embedding, null, null)
                                    : linear(blocks, false, null);
                    case SCALAR -> scalarHead(blocks, adapter);
                });
    }

    private static @Nullable LowRank beside(
            @Nullable AdapterViews adapter, int layer, LoraTarget... targets) {
        return adapter == null ? null : adapter.beside(layer, targets);
    }

    private static Linear linear(
            Iterator<NDArray> blocks, boolean bias, @Nullable LowRank lowRank) {
        NDArray weight = blocks.next();
        return new Linear(weight, bias ? blocks.next() : null, lowRank);
    }

    /// An adapter brings the head with it; its base may have another or none.
    private static Linear scalarHead(Iterator<NDArray> blocks, @Nullable AdapterViews adapter) {
        Linear trained = adapter == null ? null : adapter.scalarHead();
        return trained == null ? linear(blocks, true, null) : trained;
    }

    /// One row for each rotated head, so that query and key heads are normed together.
    private static NDArray queryKeyNorm(NDArray query, NDArray key, ModelShape shape) {
        NDArray queries = query.broadcast(new Shape(shape.heads(), shape.headWidth()));
        NDArray keys = key.broadcast(new Shape(shape.keyValueHeads(), shape.headWidth()));
        return queries.concat(keys, 0);
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
