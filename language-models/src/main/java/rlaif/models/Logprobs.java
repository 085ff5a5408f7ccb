package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/// Logprobs of the next token: natural logarithms, over the whole vocabulary, of logits divided by
/// the sampling temperature.
public final class Logprobs {

    private Logprobs() {}

    /// The logprob that each position but the last gives to the token that follows it.
    ///
    /// @param logits (batch, time, vocabulary)
    /// @param tokens (batch, time) int64
    /// @return (batch, time - 1), differentiable
    public static NDArray ofNextTokens(
            NDManager step, NDArray logits, NDArray tokens, float temperature) {
        long time = tokens.getShape().get(1);
        PtNDArray next = JniUtils.slice((PtNDArray) tokens, 1, 1, time, 1); // (batch, time - 1)
        PtNDArray targets = JniUtils.unsqueeze(next, 2);
        targets.attach(step);
        next.attach(step);
        PtNDArray logprobs = logSoftmax(step, logits, temperature);
        PtNDArray before =
                JniUtils.slice(logprobs, 1, 0, time - 1, 1); // (batch, time - 1, vocabulary)
        return JniUtils.squeeze(JniUtils.gather(before, targets, 2), 2);
    }

    /// The same of a model's own logits, which are computed where a completion token follows; what
    /// stands elsewhere means nothing.
    ///
    /// @return (batch, time - 1), differentiable
    public static NDArray ofNextTokens(
            NDManager step, Transformer model, SequenceBatch batch, float temperature) {
        CompletionRows rows = new CompletionRows(step, batch);
        PtNDArray logprobs = ofRows(step, model, batch, rows, temperature);
        return rows.spread(ofTokens(logprobs, rows.tokens()));
    }

    /// What a model makes of the next token where a completion token follows; what stands elsewhere
    /// means nothing.
    ///
    /// @param logprobs of the token that follows, (batch, time - 1)
    /// @param entropies of the whole distribution, nats, (batch, time - 1)
    public record NextTokens(NDArray logprobs, NDArray entropies) {}

    /// Both at the cost of one.
    public static NextTokens nextTokens(
            NDManager step, Transformer model, SequenceBatch batch, float temperature) {
        CompletionRows rows = new CompletionRows(step, batch);
        PtNDArray logprobs = ofRows(step, model, batch, rows, temperature);
        return new NextTokens(
                rows.spread(ofTokens(logprobs, rows.tokens())), rows.spread(entropies(logprobs)));
    }

    /// (..., vocabulary) to the rest of the axes.
    private static NDArray entropies(PtNDArray logprobs) {
        int last = logprobs.getShape().dimension() - 1;
        try (NDArray probabilities = logprobs.exp();
                NDArray weighted = probabilities.mul(logprobs)) {
            return weighted.sum(new int[] {last}).neg();
        }
    }

    /// The logprobs of the vocabulary at some rows (m, vocabulary); the logits go as soon as they
    /// are logprobs.
    private static PtNDArray ofRows(
            NDManager step,
            Transformer model,
            SequenceBatch batch,
            CompletionRows rows,
            float temperature) {
        try (NDArray logits = model.logits(step, batch, rows)) {
            return logSoftmax(step, logits, temperature);
        }
    }

    /// The logprob of each row's token: (m, vocabulary) and (m) to (m).
    private static NDArray ofTokens(PtNDArray logprobs, NDArray tokens) {
        NDArray column = tokens.reshape(new Shape(-1, 1)); // (m, 1)
        return JniUtils.squeeze(JniUtils.gather(logprobs, (PtNDArray) column, 1), 1);
    }

    /// The entropy, in nats, of the next token's distribution at each position but the last.
    ///
    /// @param logits (batch, time, vocabulary)
    /// @return (batch, time - 1)
    public static NDArray entropy(NDManager step, NDArray logits, float temperature) {
        long time = logits.getShape().get(1);
        PtNDArray logprobs = logSoftmax(step, logits, temperature);
        return JniUtils.slice((PtNDArray) entropies(logprobs), 1, 0, time - 1, 1);
    }

    private static PtNDArray logSoftmax(NDManager step, NDArray logits, float temperature) {
        if (temperature == 1) {
            return attached(step, logits.logSoftmax(-1));
        }
        try (NDArray scaled = logits.div(step.full(new Shape(1), temperature))) {
            return attached(step, scaled.logSoftmax(-1));
        }
    }

    private static PtNDArray attached(NDManager step, NDArray logprobs) {
        logprobs.attach(step);
        return (PtNDArray) logprobs;
    }
}
