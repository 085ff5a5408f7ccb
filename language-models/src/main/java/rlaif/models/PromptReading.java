package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The prompts of sequences that begin together, each read once however many sequences share it.
///
/// Prompts are padded left: all end at the same column of the cache.
final class PromptReading {

    /// Native memory that one forward pass over prompts may take, in bytes.
    static final long PASS_BYTES = 256L << 20;

    /// Arrays of the size of all attention scores that a layer holds at once.
    private static final long SCORE_ARRAYS = 3;

    private final ModelShape shape;
    private final List<? extends DecodedSequence> sequences;
    private final Map<IntBuffer, Integer> rowOf = new LinkedHashMap<>();
    private final int longest;
    private final int end;

    /// @param end the column after the prompts' last
    PromptReading(ModelShape shape, List<? extends DecodedSequence> sequences, int end) {
        this.shape = shape;
        this.sequences = sequences;
        this.end = end;
        this.longest =
                sequences.stream()
                        .mapToInt(sequence -> sequence.prompt().length)
                        .max()
                        .orElseThrow();
        for (DecodedSequence sequence : sequences) {
            rowOf.putIfAbsent(IntBuffer.wrap(sequence.prompt()), rowOf.size());
        }
    }

    /// Prompts that differ.
    int prompts() {
        return rowOf.size();
    }

    /// The first column of the longest prompt.
    int begin() {
        return end - longest;
    }

    /// Of the prompts' columns, how many one forward pass reads.
    int columnsAtOnce() {
        long bytes = columnBytes(shape, longest) * prompts();
        return Math.clamp(PASS_BYTES / bytes, 1, PositionTables.LONGEST_MASK);
    }

    /// What a pass takes for one new column of one prompt: a layer holds its attention scores over
    /// the columns that are seen, and some widths of features.
    static long columnBytes(ModelShape shape, long seen) {
        long scores = SCORE_ARRAYS * shape.heads() * seen;
        long features = 8L * shape.width() + 5L * shape.feedForwardWidth();
        return Float.BYTES * (scores + features);
    }

    /// For each sequence, the number of its prompt.
    int[] rows() {
        return sequences.stream()
                .mapToInt(sequence ->
                        Objects.requireNonNull(rowOf.get(IntBuffer.wrap(sequence.prompt()))))
                .toArray();
    }

    /// Tokens of the columns from `column` on, row by row.
    long[] tokens(int column, int time) {
        long[] tokens = new long[prompts() * time];
        int at = 0;
        for (IntBuffer prompt : rowOf.keySet()) {
            for (int i = 0; i < time; i++) {
                int place = column + i - (end - prompt.limit());
                tokens[at++] = place < 0 ? shape.padTokenId() : prompt.get(place);
            }
        }
        return tokens;
    }

    /// Positions of the same tokens; 0 at padding.
    long[] positions(int column, int time) {
        long[] positions = new long[prompts() * time];
        int at = 0;
        for (IntBuffer prompt : rowOf.keySet()) {
            for (int i = 0; i < time; i++) {
                positions[at++] = Math.max(0, column + i - (end - prompt.limit()));
            }
        }
        return positions;
    }

    /// What each prompt does not see of the columns from `begin` up to the last of these: padding
    /// and what comes later; broadcast to (prompts, 1, 1, time, columns seen).
    NDArray mask(NDManager step, PositionTables tables, int column, int time) {
        NDArray padding = padding(step, column + time);
        if (time == 1) {
            return padding;
        }
        NDArray causal = tables.causal(step, time);
        int before = column - begin(); // columns that all of these see
        return padding.add(
                before == 0
                        ? causal
                        : step.zeros(new Shape(time, before)).concat(causal, 1)); // made natively
    }

    private NDArray padding(NDManager step, int seenTo) {
        int length = seenTo - begin();
        float[] hidden = new float[prompts() * length];
        int row = 0;
        for (IntBuffer prompt : rowOf.keySet()) {
            int padded = Math.min(length, longest - prompt.limit());
            Arrays.fill(hidden, row * length, row * length + padded, PositionTables.HIDDEN);
            row++;
        }
        return step.create(hidden, new Shape(prompts(), 1, 1, 1, length));
    }
}
