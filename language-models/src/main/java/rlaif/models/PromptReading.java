package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
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
    private final List<DecodedSequence> sequences;
    private final Map<IntBuffer, Integer> rowOf = new LinkedHashMap<>();
    private final int longest;
    private final int end;

    /// @param end the column after the prompts' last
    private PromptReading(ModelShape shape, List<DecodedSequence> sequences, int end) {
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

    /// Those that begin together next: as many as have room, without parting those that share a
    /// prompt where a later moment has room for them together.
    ///
    /// @param waiting one or more, those that share a prompt together; loses those that begin
    /// @param most of them that have room, 1 or more
    /// @param mostPrompts that have room, 1 or more
    /// @param end the column after the prompts' last
    static PromptReading ofNext(
            ModelShape shape, Deque<DecodedSequence> waiting, int most, int mostPrompts, int end) {
        List<DecodedSequence> taken = new ArrayList<>();
        for (int prompts = 0;
                !waiting.isEmpty() && taken.size() < most && prompts < mostPrompts;
                prompts++) {
            int together = nextTogether(waiting);
            int room = most - taken.size();
            if (!taken.isEmpty() && together > room && together <= most) {
                break;
            }
            for (int i = Math.min(together, room); i > 0; i--) {
                taken.add(waiting.removeFirst());
            }
        }
        return new PromptReading(shape, taken, end);
    }

    /// How many of those that wait share the next prompt.
    private static int nextTogether(Deque<DecodedSequence> waiting) {
        int[] prompt = waiting.getFirst().prompt();
        int count = 0;
        for (DecodedSequence sequence : waiting) {
            if (!Arrays.equals(sequence.prompt(), prompt)) {
                break;
            }
            count++;
        }
        return count;
    }

    List<DecodedSequence> sequences() {
        return sequences;
    }

    /// The first column of the longest prompt.
    int begin() {
        return end - longest;
    }

    /// Puts the prompts' keys and values into rows of a cache, and draws the first token of every
    /// sequence.
    ///
    /// @param firstRow of the rows, one for each prompt
    /// @return for each sequence, the row of its prompt
    int[] read(CachedPass pass, KeyValueCache cache, int firstRow) {
        int[] numbers = promptNumbers();
        int column = begin();
        int atOnce = columnsAtOnce();
        while (column < end) {
            int time = Math.min(atOnce, end - column);
            try (NDManager step = pass.newStep()) {
                CacheWindow window =
                        new CacheWindow(firstRow, prompts(), column, time, begin(), column + time);
                NDArray features =
                        pass.features(
                                step,
                                cache,
                                window,
                                tokens(column, time),
                                positions(column, time),
                                mask(step, pass.tables(), column, time));
                column += time;
                if (column == end) {
                    pass.draw(step, features, sequences, numbers);
                }
            }
        }
        return Arrays.stream(numbers).map(number -> firstRow + number).toArray();
    }

    /// Prompts that differ.
    private int prompts() {
        return rowOf.size();
    }

    /// Of the prompts' columns, how many one forward pass reads.
    private int columnsAtOnce() {
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
    private int[] promptNumbers() {
        return sequences.stream()
                .mapToInt(sequence ->
                        Objects.requireNonNull(rowOf.get(IntBuffer.wrap(sequence.prompt()))))
                .toArray();
    }

    /// Tokens of the columns from `column` on, row by row.
    private long[] tokens(int column, int time) {
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
    private long[] positions(int column, int time) {
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
    private NDArray mask(NDManager step, PositionTables tables, int column, int time) {
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
