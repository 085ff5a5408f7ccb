package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/// The positions of a packed batch that are followed by a completion token: the only ones of which
/// a loss wants logits, by far the widest rows of a small model. Like {@link Packing} it fills up
/// many rows with some that nothing reads.
final class CompletionRows {

    private final SequenceBatch batch;
    private final NDArray kept; // (m) the packed row of each position
    private final NDArray spread; // (batch (time - 1)) which of them stands there; 0 elsewhere
    private final NDArray tokens; // (m) int64, those that follow

    CompletionRows(NDManager step, SequenceBatch batch) {
        this.batch = batch;
        int columns = batch.time() - 1;
        long[] rowsKept = new long[Linear.filledUp(batch.completionTokenCount())];
        long[] following = new long[rowsKept.length];
        long[] rowsSpread = new long[batch.size() * columns];
        int row = 0;
        int packed = 0;
        for (int sequence = 0; sequence < batch.size(); sequence++) {
            int before = batch.prompts().get(sequence).length - 1;
            int first = packed + before;
            int[] completion = batch.completions().get(sequence);
            for (int i = 0; i < completion.length; i++) {
                rowsKept[row] = first + (long) i;
                following[row] = completion[i];
                rowsSpread[sequence * columns + before + i] = row++;
            }
            packed += batch.length(sequence);
        }
        this.kept = step.create(rowsKept);
        this.spread = step.create(rowsSpread);
        this.tokens = step.create(following);
    }

    /// These rows of packed features (n, width): (m, width).
    NDArray of(NDArray packed) {
        return JniUtils.embedding((PtNDArray) kept, (PtNDArray) packed, false);
    }

    /// The token that follows each, int64: (m).
    NDArray tokens() {
        return tokens;
    }

    /// A number of each (m) at its place; what stands elsewhere means nothing: (batch, time - 1).
    NDArray spread(NDArray numbers) {
        NDArray column = numbers.reshape(new Shape(-1, 1));
        return JniUtils.embedding((PtNDArray) spread, (PtNDArray) column, false)
                .reshape(new Shape(batch.size(), batch.time() - 1L));
    }
}
