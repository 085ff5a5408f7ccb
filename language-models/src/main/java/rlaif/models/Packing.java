package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/// The tokens of a batch without its padding, and the way between the two: only attention needs the
/// padded form.
final class Packing {

    private final SequenceBatch batch;
    private final NDArray kept; // (n) the padded row of each token
    private final NDArray spread; // (batch time) the packed row of each token; row 0 at padding

    Packing(NDManager step, SequenceBatch batch) {
        this.batch = batch;
        int time = batch.time();
        long[] rowsKept = new long[batch.tokenCount()];
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
        long[] tokens = new long[batch.tokenCount()];
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

    /// The token after each packed one (n), int64; after a sequence's last one padding.
    NDArray nextTokens(NDManager step) {
        long[] next = new long[batch.tokenCount()];
        int at = 0;
        for (int sequence = 0; sequence < batch.size(); sequence++) {
            int[] prompt = batch.prompts().get(sequence);
            int[] completion = batch.completions().get(sequence);
            for (int i = 1; i < prompt.length; i++) {
                next[at++] = prompt[i];
            }
            for (int token : completion) {
                next[at++] = token;
            }
            next[at++] = batch.padTokenId();
        }
        return step.create(next);
    }

    /// Attention over the padded form of packed rows.
    Attention around(Attention paddedAttention) {
        return (layer, queryKeyValue) ->
                packed(paddedAttention.attend(layer, padded(queryKeyValue)));
    }

    private boolean isTrivial() {
        return batch.tokenCount() == batch.size() * batch.time();
    }

    private static NDArray rows(NDArray rowNumbers, NDArray from) {
        return JniUtils.embedding((PtNDArray) rowNumbers, (PtNDArray) from, false);
    }
}
