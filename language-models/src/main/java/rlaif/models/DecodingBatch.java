package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// One batch of completions being decoded, column by column, until all have ended.
///
/// Prompts are padded left: every sequence writes its next token into the same column, at a
/// position of its own. Rows that have ended are dropped once they are a quarter of the batch.
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
    private List<Completion> rows = new ArrayList<>(); // one for each row of the cache in use
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
        rows.addAll(completions);
        padding = padding();
    }

    List<Sampler.Sample> run() {
        int column = 0;
        int time = promptColumns;
        while (!rows.isEmpty()) {
            try (NDManager step = manager.newSubManager()) {
                draw(probabilities(step, column, time));
            }
            column += time;
            time = 1;
            dropEndedRows(column);
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

    private void draw(float[] probabilities) {
        int vocabulary = shape.vocabularySize();
        for (int row = 0; row < rows.size(); row++) {
            Completion completion = rows.get(row);
            if (!completion.finished()) {
                completion.draw(probabilities, row * vocabulary, vocabulary, shape.endTokenId());
            }
        }
    }

    private void dropEndedRows(int columnsInUse) {
        int[] kept =
                IntStream.range(0, rows.size()).filter(row -> !rows.get(row).finished()).toArray();
        if (kept.length > FULLEST_WITH_ENDED_ROWS * rows.size()) {
            return;
        }
        if (kept.length > 0) {
            try (NDManager step = manager.newSubManager()) {
                NDArray rowNumbers = step.create(Arrays.stream(kept).asLongStream().toArray());
                cache.compact(step, rowNumbers, rows.size(), columnsInUse);
            }
        }
        rows = new ArrayList<>(Arrays.stream(kept).mapToObj(rows::get).toList());
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
