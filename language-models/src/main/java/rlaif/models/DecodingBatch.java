package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/// One batch of completions being decoded, column by column, until all have ended.
///
/// A prompt that several completions share is read once. Prompts are padded left: every sequence
/// writes its next token into the same column, at a position of its own. Rows that have ended are
/// dropped once they are a quarter of the batch.
final class DecodingBatch implements AutoCloseable {

    private static final double FULLEST_WITH_ENDED_ROWS = 0.75;

    private final ModelShape shape;
    private final Transformer policy;
    private final KeyValueCache cache;
    private final SamplingSettings settings;
    private final NDManager manager;
    private final Decoder decoder;
    private final int promptColumns;
    private final List<Completion> completions = new ArrayList<>();
    private List<Completion> rows; // one for each row of the cache in use
    private NDArray padding; // (rows, 1, 1, 1, columns): HIDDEN where a row is padded, else 0

    DecodingBatch(
            Transformer policy,
            NDManager manager,
            KeyValueCache cache,
            List<Sampler.Request> requests,
            SamplingSettings settings) {
        this.policy = policy;
        this.shape = policy.shape();
        this.cache = cache;
        this.settings = settings;
        this.manager = manager;
        this.decoder = policy.decoder(manager);
        this.promptColumns =
                requests.stream().mapToInt(r -> r.promptTokens().length).max().orElseThrow();
        for (Sampler.Request request : requests) {
            int room =
                    Math.min(
                            settings.maxTokens(),
                            shape.maxPositions() - request.promptTokens().length);
            completions.add(new Completion(request, promptColumns, room));
        }
        rows = oneOfEachPrompt();
        padding = padding();
    }

    List<Sampler.Sample> run() {
        readPrompts();
        for (int column = promptColumns; !rows.isEmpty(); column++) {
            try (NDManager step = manager.newSubManager()) {
                draw(
                        rows,
                        IntStream.range(0, rows.size()).toArray(),
                        probabilities(step, column, 1));
            }
            dropEndedRows(column + 1);
        }
        return completions.stream().map(Completion::sample).toList();
    }

    @Override
    public void close() {
        padding.close();
    }

    /// Probabilities of the next token, (rows, vocabulary) in row order.
    private float[] probabilities(NDManager step, int column, int time) {
        int batch = rows.size();
        NDArray tokens = step.create(newTokens(time), new Shape(batch, time));
        NDArray positions = step.create(newPositions(column, time), new Shape(batch, time));
        Rotary rotary =
                policy.tables()
                        .rotary(step, positions, Math.min(column + time, shape.maxPositions()));
        Attention attention =
                new CachedAttention(
                        shape, step, cache, batch, column, time, rotary, mask(step, column, time));
        NDArray features = decoder.features(tokens, attention); // (batch time, width)
        NDArray last =
                features.reshape(new Shape(batch, time, shape.width()))
                        .get(step, new NDIndex(":,{}", time - 1));
        NDArray logits = decoder.logits(last); // (batch, vocabulary)
        if (settings.temperature() != 1) {
            logits.divi(step.full(new Shape(1), (float) settings.temperature()));
        }
        return logits.softmax(-1).toFloatArray();
    }

    private NDArray mask(NDManager step, int column, int time) {
        NDArray hidden =
                padding.get(
                        step,
                        new NDIndex("...,:{}", column + time)); // (batch, 1, 1, 1, column + time)
        return time == 1 ? hidden : hidden.add(policy.tables().causal(step, time));
    }

    /// Reads each prompt in one row, draws every first token, then gives each completion a row.
    private void readPrompts() {
        int[] rowOf = completions.stream().mapToInt(rowOfPrompt()).toArray();
        try (NDManager step = manager.newSubManager()) {
            draw(completions, rowOf, probabilities(step, 0, promptColumns));
        }
        int[] going =
                IntStream.range(0, completions.size())
                        .filter(i -> !completions.get(i).finished())
                        .toArray();
        takeRows(
                Arrays.stream(going).mapToObj(completions::get).toList(),
                Arrays.stream(going).map(i -> rowOf[i]).toArray(),
                promptColumns);
    }

    private List<Completion> oneOfEachPrompt() {
        Map<IntBuffer, Completion> one = new LinkedHashMap<>();
        for (Completion completion : completions) {
            one.putIfAbsent(IntBuffer.wrap(completion.prompt()), completion);
        }
        return List.copyOf(one.values());
    }

    private ToIntFunction<Completion> rowOfPrompt() {
        Map<IntBuffer, Integer> numbers = new HashMap<>();
        for (Completion row : rows) {
            numbers.put(IntBuffer.wrap(row.prompt()), numbers.size());
        }
        return completion ->
                Objects.requireNonNull(numbers.get(IntBuffer.wrap(completion.prompt())));
    }

    /// @param rowOf the row of `probabilities` that each completion draws from
    private void draw(List<Completion> from, int[] rowOf, float[] probabilities) {
        int vocabulary = shape.vocabularySize();
        for (int i = 0; i < from.size(); i++) {
            if (!from.get(i).finished()) {
                from.get(i)
                        .draw(probabilities, rowOf[i] * vocabulary, vocabulary, shape.endTokenId());
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
    private void takeRows(List<Completion> taken, int[] rowsBefore, int columnsInUse) {
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

    private long[] newTokens(int time) {
        long[] tokens = new long[rows.size() * time];
        for (int row = 0; row < rows.size(); row++) {
            rows.get(row).newTokens(tokens, row * time, time, shape.padTokenId());
        }
        return tokens;
    }

    private long[] newPositions(int column, int time) {
        long[] positions = new long[rows.size() * time];
        for (int row = 0; row < rows.size(); row++) {
            for (int i = 0; i < time; i++) {
                int position = column + i - rows.get(row).padding();
                positions[row * time + i] =
                        Math.clamp(position, 0, shape.maxPositions() - 1); // padding and ended rows
            }
        }
        return positions;
    }

    private NDArray padding() {
        int columns = promptColumns + settings.maxTokens();
        float[] hidden = new float[rows.size() * columns];
        for (int row = 0; row < rows.size(); row++) {
            Arrays.fill(
                    hidden,
                    row * columns,
                    row * columns + rows.get(row).padding(),
                    PositionTables.HIDDEN);
        }
        return manager.create(hidden, new Shape(rows.size(), 1, 1, 1, columns));
    }
}
