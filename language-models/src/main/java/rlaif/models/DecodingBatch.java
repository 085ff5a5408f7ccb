package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/// One batch of sequences being decoded, column by column, until all have ended.
///
/// A prompt that several completions share is read once. Prompts are padded left: every sequence
/// writes its next token into the same column, at a position of its own. Rows that have ended are
/// dropped once they are a quarter of the batch.
final class DecodingBatch implements AutoCloseable {

    private static final double FULLEST_WITH_ENDED_ROWS = 0.75;

    private final ModelShape shape;
    private final Transformer policy;
    private final KeyValueCache cache;
    private final NextToken nextToken;
    private final NDManager manager;
    private final Decoder decoder;
    private final int promptColumns;
    private final int promptColumnsAtOnce;
    private final int columns;
    private final List<? extends DecodedSequence> sequences;
    private List<? extends DecodedSequence> rows; // one for each row of the cache in use
    private int column; // the next one to be read
    private NDArray padding; // (rows, 1, 1, 1, columns): HIDDEN where a row is padded, else 0

    /// @param columns room for the longest prompt and what is drawn after it
    /// @param promptColumnsAtOnce of the prompts' columns, how many one forward pass reads: fewer
    ///   take less memory
    DecodingBatch(
            Transformer policy,
            NDManager manager,
            KeyValueCache cache,
            List<? extends DecodedSequence> sequences,
            int columns,
            int promptColumnsAtOnce,
            NextToken nextToken) {
        this.policy = policy;
        this.shape = policy.shape();
        this.cache = cache;
        this.nextToken = nextToken;
        this.manager = manager;
        this.decoder = policy.decoder(manager);
        this.sequences = sequences;
        this.columns = columns;
        this.promptColumnsAtOnce = promptColumnsAtOnce;
        this.promptColumns =
                sequences.stream().mapToInt(s -> s.prompt().length).max().orElseThrow();
        rows = oneOfEachPrompt();
        padding = padding();
    }

    /// Draws one token for every sequence that goes on, and gives whether any still does.
    boolean step() {
        if (column == 0) {
            readPrompts();
            return !rows.isEmpty();
        }
        try (NDManager step = manager.newSubManager()) {
            draw(rows, IntStream.range(0, rows.size()).toArray(), numbers(step, column, 1));
        }
        column++;
        dropEndedRows(column);
        return !rows.isEmpty();
    }

    @Override
    public void close() {
        padding.close();
    }

    /// What the next token is drawn by after `time` columns were read, (rows, vocabulary).
    private float[] numbers(NDManager step, int column, int time) {
        NDArray last =
                features(step, column, time)
                        .reshape(new Shape(rows.size(), time, shape.width()))
                        .get(step, new NDIndex(":,{}", time - 1));
        return nextToken.numbers(step, decoder.logits(last)); // of (batch, vocabulary)
    }

    /// Reads `time` columns from `column` on; (batch time, width).
    private NDArray features(NDManager step, int column, int time) {
        int batch = rows.size();
        NDArray tokens = step.create(newTokens(column, time), new Shape(batch, time));
        NDArray positions = step.create(newPositions(column, time), new Shape(batch, time));
        Rotary rotary =
                policy.tables()
                        .rotary(step, positions, Math.min(column + time, shape.maxPositions()));
        Attention attention =
                new CachedAttention(
                        shape, step, cache, batch, column, time, rotary, mask(step, column, time));
        return decoder.features(tokens, attention);
    }

    private NDArray mask(NDManager step, int column, int time) {
        NDArray hidden =
                padding.get(
                        step,
                        new NDIndex("...,:{}", column + time)); // (batch, 1, 1, 1, column + time)
        if (time == 1) {
            return hidden;
        }
        return hidden.add(
                column == 0 ? policy.tables().causal(step, time) : causal(step, column, time));
    }

    /// The causal mask (time, column + time) of columns that follow others.
    private static NDArray causal(NDManager step, int column, int time) {
        int length = column + time;
        float[] mask = new float[time * length];
        for (int query = 0; query < time; query++) {
            Arrays.fill(
                    mask,
                    query * length + column + query + 1,
                    (query + 1) * length,
                    PositionTables.HIDDEN);
        }
        return step.create(mask, new Shape(time, length));
    }

    /// Reads each prompt in one row, draws every first token, then gives each sequence a row.
    private void readPrompts() {
        int[] rowOf = sequences.stream().mapToInt(rowOfPrompt()).toArray();
        while (promptColumns - column > promptColumnsAtOnce) {
            try (NDManager step = manager.newSubManager()) {
                features(step, column, promptColumnsAtOnce);
            }
            column += promptColumnsAtOnce;
        }
        try (NDManager step = manager.newSubManager()) {
            draw(sequences, rowOf, numbers(step, column, promptColumns - column));
        }
        column = promptColumns;
        int[] going =
                IntStream.range(0, sequences.size())
                        .filter(i -> !sequences.get(i).finished())
                        .toArray();
        takeRows(
                Arrays.stream(going).mapToObj(sequences::get).toList(),
                Arrays.stream(going).map(i -> rowOf[i]).toArray(),
                promptColumns);
    }

    private List<DecodedSequence> oneOfEachPrompt() {
        Map<IntBuffer, DecodedSequence> one = new LinkedHashMap<>();
        for (DecodedSequence sequence : sequences) {
            one.putIfAbsent(IntBuffer.wrap(sequence.prompt()), sequence);
        }
        return List.copyOf(one.values());
    }

    private ToIntFunction<DecodedSequence> rowOfPrompt() {
        Map<IntBuffer, Integer> numbers = new HashMap<>();
        for (DecodedSequence row : rows) {
            numbers.put(IntBuffer.wrap(row.prompt()), numbers.size());
        }
        return sequence -> Objects.requireNonNull(numbers.get(IntBuffer.wrap(sequence.prompt())));
    }

    /// @param rowOf the row of `numbers` that each sequence draws from
    private void draw(List<? extends DecodedSequence> from, int[] rowOf, float[] numbers) {
        int vocabulary = shape.vocabularySize();
        for (int i = 0; i < from.size(); i++) {
            if (!from.get(i).finished()) {
                from.get(i).draw(numbers, rowOf[i] * vocabulary, vocabulary, shape::isEnd);
            }
        }
    }

    private void dropEndedRows(int columnsInUse) {
        int[] going =
                IntStream.range(0, rows.size()).filter(row -> !rows.get(row).finished()).toArray();
        if (going.length <= FULLEST_WITH_ENDED_ROWS * rows.size()) {
            takeRows(Arrays.stream(going).mapToObj(rows::get).toList(), going, columnsInUse);
        }
    }

    /// Makes `taken` the rows, each with the cached columns of the row it had before.
    private void takeRows(
            List<? extends DecodedSequence> taken, int[] rowsBefore, int columnsInUse) {
        if (!taken.isEmpty()) {
            try (NDManager step = manager.newSubManager()) {
                NDArray rowNumbers =
                        step.create(Arrays.stream(rowsBefore).asLongStream().toArray());
                cache.takeRows(step, rowNumbers, rows.size(), columnsInUse);
            }
        }
        rows = taken;
        padding.close();
        padding = padding();
    }

    private int padding(DecodedSequence sequence) {
        return promptColumns - sequence.prompt().length;
    }

    /// What the model has not yet seen: the prompts at first, then the tokens drawn last.
    private long[] newTokens(int column, int time) {
        long[] tokens = new long[rows.size() * time];
        for (int row = 0; row < rows.size(); row++) {
            DecodedSequence sequence = rows.get(row);
            if (sequence.drawn() > 0) {
                tokens[row] = sequence.lastToken();
                continue;
            }
            for (int i = 0; i < time; i++) {
                int at = column + i - padding(sequence);
                tokens[row * time + i] = at < 0 ? shape.padTokenId() : sequence.prompt()[at];
            }
        }
        return tokens;
    }

    private long[] newPositions(int column, int time) {
        long[] positions = new long[rows.size() * time];
        for (int row = 0; row < rows.size(); row++) {
            for (int i = 0; i < time; i++) {
                int position = column + i - padding(rows.get(row));
                positions[row * time + i] =
                        Math.clamp(position, 0, shape.maxPositions() - 1); // padding and ended rows
            }
        }
        return positions;
    }

    private NDArray padding() {
        float[] hidden = new float[rows.size() * columns];
        for (int row = 0; row < rows.size(); row++) {
            Arrays.fill(
                    hidden,
                    row * columns,
                    row * columns + padding(rows.get(row)),
                    PositionTables.HIDDEN);
        }
        return manager.create(hidden, new Shape(rows.size(), 1, 1, 1, columns));
    }
}
