package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;

/// The tokens of a batch without its padding, and the way between the two: only attention needs the
/// padded form.
///
/// Many tokens are filled up with some that belong to no sequence, to a number of rows that {@link
/// Linear} likes; nothing reads what becomes of them.
final class Packing {

    private final SequenceBatch batch;
    private final int rows; // n
    private final NDArray kept; // (n) the padded row of each token; row 0 for those filled in
    private final NDArray spread; // (batch time) the packed row of each token; row 0 at padding

    Packing(NDManager step, SequenceBatch batch) {
        this.batch = batch;
        int time = batch.time();
        this.rows = Linear.filledUp(batch.tokenCount());
        long[] rowsKept = new long[rows];
        long[] rowsSpread = new long[batch.size() * time];
        int packed = 0;
        for (int sequence = 0; sequence < batch.size(); sequence++) {
            for (int at = 0; at < batch.length(sequence); at++) {
                int padded = sequence * time + at;
                rowsKept[packed] = padded;
                rowsSpread[padded] = packed++;
            }
        }
        this.kept = step.create(rowsKept);
        this.spread = step.create(rowsSpread);
    }

    /// (batch time, width) without the rows of padding: (n, width).
    NDArray packed(NDArray padded) {
        return isTrivial() ? padded : rows(kept, padded);
    }

    /// The packed row of each sequence's last token: (batch, width).
    NDArray last(NDManager step, NDArray packed) {
        long[] rows = new long[batch.size()];
        int end = 0;
        for (int sequence = 0; sequence < batch.size(); sequence++) {
            end += batch.length(sequence);
            rows[sequence] = end - 1L;
        }
        return rows(step.create(rows), packed);
    }

    /// (n, width) with a row for each padding token, whose content means nothing: (batch time,
    /// width).
    NDArray padded(NDArray packed) {
        return isTrivial() ? packed : rows(spread, packed);
    }

    /// The tokens in packed order (n), int64.
    NDArray tokens(NDManager step) {
        long[] tokens = new long[rows];
        Arrays.fill(tokens, batch.padTokenId());
        int at = 0;
        for (int sequence = 0; sequence < batch.size(); sequence++) {
            for (int token : batch.prompts().get(sequence)) {
                tokens[at++] = token;
            }
            for (int token : batch.completions().get(sequence)) {
                tokens[at++] = token;
            }
        }
        return step.create(tokens);
    }

    /// Attention over the padded form of packed rows.
    Attention around(Attention paddedAttention) {
        return (layer, queryKeyValue) ->
                packed(paddedAttention.attend(layer, padded(queryKeyValue)));
    }

    private boolean isTrivial() {
        return rows == batch.tokenCount() && rows == batch.size() * batch.time();
    }

    private static NDArray rows(NDArray rowNumbers, NDArray from) {
        NDArray rows = JniUtils.embedding((PtNDArray) rowNumbers, (PtNDArray) from, false);
        rows.attach(from.getManager());
        return rows;
    }
}
