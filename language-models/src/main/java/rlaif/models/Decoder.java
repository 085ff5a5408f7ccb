package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Objects;

/// The forward pass of a Llama-shaped decoder (2302.13971) over one step's weights: embedding, then
/// layers of attention and SwiGLU, each before a residual sum, then RMSNorm.
final class Decoder {

    /// SwiGLU (2002.05202): `silu(gate) * up`; (n, 2 inner) to (n, inner).
    private static final TorchFormula SWI_GLU =
            TorchFormula.of(
                    "gate_up: Tensor",
                    """
                    gate, up = torch.chunk(gate_up, 2, -1)
                    return torch.mul(torch.silu(gate), up)
                    """);

    private final NDManager step;
    private final ModelShape shape;
    private final StepWeights weights;
    private final RmsNorm norm;
    private final RmsNorm headNorm;

    Decoder(NDManager step, ModelShape shape, StepWeights weights) {
        this.step = step;
        this.shape = shape;
        this.weights = weights;
        this.norm = new RmsNorm(step, shape.width(), shape.rmsNormEpsilon());
        this.headNorm = new RmsNorm(step, shape.headWidth(), shape.rmsNormEpsilon());
    }

    /// The features of each position before the last norm.
    ///
    /// @param tokens int64, any shape of n elements, in row order
    /// @return (n, width)
    NDArray features(NDArray tokens, Attention attention) {
        return features(tokens, attention, Wanted.ALL);
    }

    /// The features of the last position of each sequence before the last norm: all that is wanted
    /// of a prompt once its keys and values are kept.
    ///
    /// @param tokens (batch, time) int64
    /// @return (batch, width)
    NDArray lastFeatures(NDArray tokens, Attention attention) {
        Shape sequences = new Shape(tokens.getShape().get(0), tokens.getShape().get(1), -1);
        NDIndex last = new NDIndex(":,{}", tokens.getShape().get(1) - 1);
        return features(tokens, attention, rows -> rows.reshape(sequences).get(last));
    }

    /// Of the rows that come out of the last layer's attention, those that are wanted.
    @FunctionalInterface
    private interface Wanted {
        Wanted ALL = rows -> rows;

        NDArray of(NDArray rows);
    }

    private NDArray features(NDArray tokens, Attention attention, Wanted wanted) {
        NDArray x =
                JniUtils.embedding(
                        (PtNDArray) tokens.flatten(), (PtNDArray) weights.embedding(), false);
        int layers = weights.layers().size();
        for (int layer = 0; layer < layers; layer++) {
            x = through(layer, x, attention, layer + 1 < layers ? Wanted.ALL : wanted);
        }
        return x;
    }

    /// One layer: (n, width) to (n, width), or to fewer rows. What a backward pass does not need
    /// goes when it ends.
    private NDArray through(int layer, NDArray features, Attention attention, Wanted wanted) {
        StepWeights.Layer w = weights.layers().get(layer);
        try (NDManager inner = step.newSubManager()) {
            features.attach(inner);
            NDArray queryKeyValue = w.queryKeyValue().of(norm.of(features, 1, w.attentionNorm()));
            if (w.queryKeyNorm() != null) {
                queryKeyValue = queryKeyNormed(queryKeyValue, w.queryKeyNorm());
            }
            NDArray mixed = wanted.of(attention.attend(layer, queryKeyValue));
            NDArray x = w.output().of(mixed).addi(wanted.of(features));
            NDArray gateUp = w.gateUp().of(norm.of(x, 1, w.feedForwardNorm()));
            NDArray y = w.down().of(SWI_GLU.of(gateUp)).addi(x);
            y.attach(step);
            return y;
        }
    }

    /// Logits (n, vocabulary) of features (n, width).
    NDArray logits(NDArray features) {
        return weights.head().of(norm.of(features, 1, weights.finalNorm()));
    }

    /// Scalars (n, 1) of features (n, width).
    NDArray scalars(NDArray features) {
        NDArray normed = norm.of(features, 1, weights.finalNorm());
        return new Linear(weights.head().weight(), null, null)
                .of(normed)
                .add(Objects.requireNonNull(weights.head().bias()));
    }

    /// Norms every query and key head (2302.05442); values stay.
    ///
    /// @param queryKeyValue (n, (heads + 2 keyValueHeads) headWidth)
    /// @param weight (heads + keyValueHeads, headWidth)
    private NDArray queryKeyNormed(NDArray queryKeyValue, NDArray weight) {
        long n = queryKeyValue.getShape().get(0);
        NDList parts = queryKeyValue.split(new long[] {weight.size()}, 1);
        NDArray heads =
                parts.get(0).reshape(new Shape(n, weight.getShape().get(0), shape.headWidth()));
        return headNorm.of(heads, 2, weight)
                .reshape(new Shape(n, weight.size()))
                .concat(parts.get(1), 1);
    }
}
