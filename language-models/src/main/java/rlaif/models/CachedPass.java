package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;

/// Forward passes over columns of a cache, by weights that can be exchanged between two passes.
final class CachedPass implements AutoCloseable {

    private final ModelShape shape;
    private final NDManager manager;
    private final NextToken nextToken;
    private Transformer policy;
    private NDManager weights; // views of the policy's
    private Decoder decoder;

    CachedPass(Transformer policy, NDManager manager, NextToken nextToken) {
        this.policy = policy;
        this.shape = policy.shape();
        this.manager = manager;
        this.nextToken = nextToken;
        weights = manager.newSubManager();
        decoder = policy.decoder(weights);
    }

    /// Goes on with another policy of the same shape.
    void useWeights(Transformer newer) {
        if (!newer.shape().equals(shape)) {
            throw new IllegalArgumentException(
                    "weights of " + newer.shape() + " cannot go on for " + shape);
        }
        weights.close();
        weights = manager.newSubManager();
        policy = newer;
        decoder = policy.decoder(weights);
    }

    ModelShape shape() {
        return shape;
    }

    /// Masks and rotations by position.
    PositionTables tables() {
        return policy.tables();
    }

    /// Owner of what a pass makes.
    NDManager newStep() {
        return manager.newSubManager();
    }

    /// Puts the keys and values of a window's new columns into the cache.
    ///
    /// @param tokens of the new columns, row by row
    /// @param positions of the same
    /// @param mask as {@link CachedAttention} takes it
    /// @return the features of the window's last column, (rows, width)
    NDArray features(
            NDManager step,
            KeyValueCache cache,
            CacheWindow window,
            long[] tokens,
            long[] positions,
            NDArray mask) {
        Shape size = new Shape(window.rows(), window.time());
        long last = Arrays.stream(positions).max().orElseThrow();
        Rotary rotary = tables().rotary(step, step.create(positions, size), (int) last + 1);
        Attention attention = new CachedAttention(shape, step, cache, window, rotary, mask);
        NDArray read = step.create(tokens, size);
        NDArray features =
                window.time() == 1
                        ? decoder.features(read, attention)
                        : decoder.lastFeatures(read, attention);
        features.attach(step); // the decoder's own manager lives as long as its weights
        return features;
    }

    /// Draws the next token of every sequence that goes on.
    ///
    /// @param features (rows, width)
    /// @param rowOf the row that each sequence draws from
    void draw(
            NDManager step,
            NDArray features,
            List<? extends DecodedSequence> sequences,
            int[] rowOf) {
        float[] numbers = nextToken.numbers(step, decoder.logits(features)); // (rows, vocabulary)
        int vocabulary = shape.vocabularySize();
        for (int i = 0; i < sequences.size(); i++) {
            if (!sequences.get(i).finished()) {
                sequences.get(i).draw(numbers, rowOf[i] * vocabulary, vocabulary, shape::isEnd);
            }
        }
    }

    @Override
    public void close() {
        weights.close();
    }
}
