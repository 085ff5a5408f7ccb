package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/// The forward pass of a Llama-shaped decoder (2302.13971) over one step's weights: embedding, then
/// layers of attention and SwiGLU, each before a residual sum, then RMSNorm.
///
/// Every scalar is a native array: DJL's overloads that take a Java number are unsafe under
/// gradients.
final class Decoder {

    private final StepWeights weights;
    private final NDArray rootOfWidth; // sqrt(width)
    private final NDArray widthTimesEpsilon;

    Decoder(NDManager step, ModelShape shape, StepWeights weights) {
        this.weights = weights;
        this.rootOfWidth = step.full(new Shape(1), (float) Math.sqrt(shape.width()));
        this.widthTimesEpsilon =
                step.full(new Shape(1), (float) (shape.width() * shape.rmsNormEpsilon()));
    }

    /// The features of each position before the last norm.
    ///
    /// @param tokens int64, any shape of n elements, in row order
    /// @return (n, width)
    NDArray features(NDArray tokens, Attention attention) {
        NDArray x =
                JniUtils.embedding(
                        (PtNDArray) tokens.flatten(), (PtNDArray) weights.embedding(), false);
        for (int layer = 0; layer < weights.layers().size(); layer++) {
            StepWeights.Layer w = weights.layers().get(layer);
            NDArray queryKeyValue = linear(normalised(x, w.attentionNorm()), w.queryKeyValue());
            x = linear(attention.attend(layer, queryKeyValue), w.output()).addi(x);
            x =
                    linear(swiGlu(linear(normalised(x, w.feedForwardNorm()), w.gateUp())), w.down())
                            .addi(x);
        }
        return x;
    }

    /// Logits (n, vocabulary) of features (n, width).
    NDArray logits(NDArray features) {
        return linear(normalised(features, weights.finalNorm()), weights.embedding());
    }

    /// Scalars (n, 1) of features (n, width).
    NDArray scalars(NDArray features) {
        NDArray normalised = normalised(features, weights.finalNorm());
        return linear(normalised, weights.head().get(0)).add(weights.head().get(1));
    }

    /// RMSNorm (1910.07467): `x / sqrt(mean(x^2) + epsilon) * weight`, over the last axis of (n,
    /// width); the root is computed as `sqrt(|x|^2 + width epsilon) / sqrt(width)`.
    private NDArray normalised(NDArray x, NDArray weight) {
        NDArray length = JniUtils.norm((PtNDArray) x, 2, new int[] {1}, true); // (n, 1)
        NDArray root = length.square().add(widthTimesEpsilon).sqrt().div(rootOfWidth);
        return x.div(root).mul(weight);
    }

    /// SwiGLU (2002.05202): `silu(gate) * up` with `silu(x) = x sigmoid(x)`; (n, 2 inner) to (n,
    /// inner).
    private static NDArray swiGlu(NDArray gateUp) {
        NDList parts = gateUp.split(2, 1);
        NDArray gate = parts.get(0);
        return JniUtils.sigmoid((PtNDArray) gate).mul(gate).mul(parts.get(1));
    }

    private static NDArray linear(NDArray x, NDArray weight) {
        return JniUtils.linear((PtNDArray) x, (PtNDArray) weight, null);
    }
}
