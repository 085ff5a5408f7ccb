package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/// What a model says would follow some texts, in memory that can be stated: texts that would take
/// too much together are read one by one, and one that would take too much at once in pieces, on
/// its keys and values so far.
///
/// Belongs to the one thread that uses the model.
public final class NextTokenReading {

    private final Transformer model;
    private final ModelShape shape;
    private final long passBytes;

    public NextTokenReading(Transformer model) {
        this(model, PromptReading.PASS_BYTES);
    }

    /// @param passBytes most native memory of a pass over whole texts; others are read in pieces
    NextTokenReading(Transformer model, long passBytes) {
        model.requireHead(Head.LANGUAGE_MODEL);
        this.model = model;
        this.shape = model.shape();
        this.passBytes = passBytes;
    }

    /// Most native memory, in bytes, that texts of at most so many tokens take beside the weights:
    /// one forward pass, the keys and values of one text and the factors of its positions.
    public static long mostBytes(ModelShape shape, int tokens) {
        return PromptReading.PASS_BYTES
                + KeyValueCache.bytesPerToken(shape) * (tokens + 1L)
                + PositionTables.mostRotaryBytes(shape, tokens);
    }

    /// Logprob of every token of the vocabulary to be the next, by token id.
    ///
    /// @param texts token ids, two or more each
    /// @return one array a text, in the same order
    public List<float[]> logprobs(List<int[]> texts) {
        try (GradientMode _ = GradientMode.off()) {
            if (fitsOnePass(texts)) {
                return atOnce(texts);
            }
            List<float[]> read = new ArrayList<>(texts.size());
            for (int[] text : texts) {
                List<int[]> one = List.of(text);
                read.add(fitsOnePass(one) ? atOnce(one).getFirst() : inPieces(text));
            }
            return read;
        }
    }

    private boolean fitsOnePass(List<int[]> texts) {
        int longest = texts.stream().mapToInt(text -> text.length).max().orElseThrow();
        int seen = Math.min(longest, CausalAttention.LONGEST); // above, scores come in tiles
        return PromptReading.columnBytes(shape, seen) * longest * texts.size() <= passBytes;
    }

    private List<float[]> atOnce(List<int[]> texts) {
        try (NDManager step = model.manager().newSubManager()) {
            NDArray logits = model.nextTokenLogits(step, texts);
            float[] logprobs = NextToken.logprobs().numbers(step, logits); // (texts, vocabulary)
            int vocabulary = shape.vocabularySize();
            List<float[]> read = new ArrayList<>(texts.size());
            for (int from = 0; from < logprobs.length; from += vocabulary) {
                read.add(Arrays.copyOfRange(logprobs, from, from + vocabulary));
            }
            return read;
        }
    }

    private float[] inPieces(int[] text) {
        int columns = text.length + 1;
        Text read = new Text(text);
        try (NDManager manager = model.manager().newSubManager();
                KeyValueCache cache = new KeyValueCache(shape, manager, 1, columns);
                DecodingBatch reading =
                        new DecodingBatch(
                                model,
                                manager,
                                cache,
                                List.of(read),
                                1,
                                columns,
                                NextToken.logprobs())) {
            reading.step();
        }
        return read.logprobs;
    }

    /// A text that nothing is drawn after: it keeps what it would be drawn by.
    private static final class Text implements DecodedSequence {
        private final int[] tokens;
        private float[] logprobs = {};

        Text(int[] tokens) {
            this.tokens = tokens;
        }

        @Override
        public int[] prompt() {
            return tokens;
        }

        @Override
        public int drawn() {
            return 0;
        }

        @Override
        public int lastToken() {
            throw new IllegalStateException("nothing is drawn after a text that is only read");
        }

        @Override
        public boolean finished() {
            return logprobs.length > 0;
        }

        @Override
        public void draw(float[] numbers, int from, int vocabulary, IntPredicate isEnd) {
            logprobs = Arrays.copyOfRange(numbers, from, from + vocabulary);
        }
    }
}
