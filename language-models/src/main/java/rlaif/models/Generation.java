package rlaif.models;

import ai.djl.ndarray.NDManager;
import java.util.List;

/// A batch of completions generated one token at a time, each with settings and a reader of its
/// own.
///
/// Belongs to the one thread that uses the model; native memory lives until `close`. The same
/// request and seed give the same tokens; among other requests logprobs can differ in the last
/// bits.
public final class Generation implements AutoCloseable {

    /// Takes the tokens of one completion as they come, on the thread that generates.
    @FunctionalInterface
    public interface Reader {

        /// @return whether more are wanted
        boolean take(GeneratedToken token);
    }

    /// How one completion is drawn.
    ///
    /// @param temperature divides the logits; 0: always the likeliest token
    /// @param topP the likeliest tokens that have this probability together take part, in (0, 1]
    /// @param maxTokens most tokens, the end token included, 1 or more
    /// @param topTokens rivals that are reported at each place, 0 or more
    public record Settings(double temperature, double topP, int maxTokens, int topTokens) {

        public Settings {
            if (!(temperature >= 0) || !Double.isFinite(temperature)) {
                throw new IllegalArgumentException(
                        "temperature is " + temperature + "; it must be 0 or more");
            }
            if (!(topP > 0 && topP <= 1)) {
                throw new IllegalArgumentException("topP is " + topP + "; it must be in (0, 1]");
            }
            if (maxTokens < 1 || topTokens < 0) {
                throw new IllegalArgumentException(
                        "maxTokens is "
                                + maxTokens
                                + " and topTokens "
                                + topTokens
                                + "; they must be at least 1 and 0");
            }
        }
    }

    /// One completion asked for.
    ///
    /// @param promptTokens 1 token or more; with `maxTokens` no more than the model has positions
    /// @param seed decides the draws
    @SuppressWarnings("ArrayRecordComponent") // owned by the reader, never compared
    public record Request(int[] promptTokens, long seed, Settings settings, Reader reader) {

        public Request {
            if (promptTokens.length == 0) {
                throw new IllegalArgumentException("a prompt has no tokens");
            }
        }
    }

    private final NDManager manager;
    private final KeyValueCache cache;
    private final DecodingBatch decoding;

    /// @param requests 1 or more
    public Generation(Transformer model, List<Request> requests) {
        model.requireHead(Head.LANGUAGE_MODEL);
        requests.forEach(request -> requireRoom(model.shape(), request));
        manager = model.manager().newSubManager();
        try (GradientMode _ = GradientMode.off()) {
            int columns = columns(requests);
            cache = new KeyValueCache(model.shape(), manager, requests.size(), columns);
            decoding =
                    new DecodingBatch(
                            model,
                            manager,
                            cache,
                            requests.stream().map(GeneratedSequence::new).toList(),
                            requests.size(),
                            columns,
                            NextToken.logprobs());
        }
    }

    /// Bytes of native memory that the keys and values of these requests take together.
    public static long cacheBytes(ModelShape shape, List<Request> requests) {
        return KeyValueCache.bytesPerToken(shape) * columns(requests) * requests.size();
    }

    /// Draws one token for every completion that goes on, and gives whether any still does.
    ///
    /// @throws ArithmeticException when the model's logits are not finite
    public boolean step() {
        try (GradientMode _ = GradientMode.off()) {
            return decoding.step();
        }
    }

    @Override
    public void close() {
        decoding.close();
        cache.close();
        manager.close();
    }

    private static void requireRoom(ModelShape shape, Request request) {
        long wanted = (long) request.promptTokens().length + request.settings().maxTokens();
        if (wanted > shape.maxPositions()) {
            throw new IllegalArgumentException(
                    "a prompt of "
                            + request.promptTokens().length
                            + " tokens and "
                            + request.settings().maxTokens()
                            + " more are above the model's maxPositions "
                            + shape.maxPositions());
        }
    }

    private static int columns(List<Request> requests) {
        int prompt = requests.stream().mapToInt(r -> r.promptTokens().length).max().orElseThrow();
        int most = requests.stream().mapToInt(r -> r.settings().maxTokens()).max().orElseThrow();
        return Math.addExact(prompt, most);
    }
}
