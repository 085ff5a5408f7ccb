package rlaif.models;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Draws completions from a policy, many at a time, with a key-value cache that is kept between
/// calls.
///
/// Sequences that have ended make room for those that wait, and a prompt that several requests
/// share is read once. Each completion has its own random generator. The same requests, weights,
/// thread count and room for sequences give the same samples, bit by bit; among other requests a
/// sequence can differ in the last bits of its logprobs, and so, where two tokens are as good as
/// equally likely to be hit, in a token. The sampler reads the policy's live weights, and neither
/// may change while `sample` runs, but for a policy handed over by the call's own `newer`.
public final class Sampler implements AutoCloseable {

    /// One completion asked for.
    ///
    /// @param promptTokens the prompt, 1 token or more
    /// @param seed decides the draws
    /// @param mostTokens a limit of its own, 1 or more, where it is below that of the settings
    @SuppressWarnings("ArrayRecordComponent") // owned by the reader, never compared
    public record Request(int[] promptTokens, long seed, int mostTokens) {

        public Request {
            if (promptTokens.length == 0) {
                throw new IllegalArgumentException("a prompt has no tokens");
            }
            if (mostTokens < 1) {
                throw new IllegalArgumentException(
                        "mostTokens is " + mostTokens + "; it must be 1 or more");
            }
        }

        /// One without a limit of its own.
        public Request(int[] promptTokens, long seed) {
            this(promptTokens, seed, Integer.MAX_VALUE);
        }
    }

    /// One completion drawn.
    ///
    /// @param tokens the completion, its end token included when it was drawn
    /// @param logprobs log-softmax(logits / temperature) over the whole vocabulary, one a token
    /// @param ended whether the end token was drawn; else the limit of tokens or positions cut it
    /// @param weights which weights drew each token: 0, those the call began with; 1, the first
    ///   that `newer` gave, and so on
    @SuppressWarnings("ArrayRecordComponent") // owned by the reader, never compared
    public record Sample(int[] tokens, float[] logprobs, boolean ended, int[] weights) {}

    /// Sequences decoded together at most, where nothing else is said.
    public static final int MOST_TOGETHER = 256;

    static final long LARGEST_CACHE_BYTES = 512L << 20;

    /// How much wider than the first prompts of a batch those may be that take their rows.
    private static final int WIDEST_TO_FIRST = 2;

    private final NDManager manager;
    private final int mostTogether;
    private Transformer policy;
    private @Nullable KeyValueCache cache;

    public Sampler(Transformer policy) {
        this(policy, MOST_TOGETHER);
    }

    /// @param mostTogether sequences decoded together at most, 1 or more; others wait for room
    public Sampler(Transformer policy, int mostTogether) {
        if (mostTogether < 1) {
            throw new IllegalArgumentException(
                    "mostTogether is " + mostTogether + "; it must be 1 or more");
        }
        policy.requireHead(Head.LANGUAGE_MODEL);
        this.policy = policy;
        this.mostTogether = mostTogether;
        this.manager = TensorThread.newManager();
    }

    /// Samples one completion for each request; the results stand in the order of the requests.
    public List<Sample> sample(List<Request> requests, SamplingSettings settings) {
        return sample(requests, settings, Optional::empty);
    }

    /// The same, going on with newer weights as soon as there are any.
    ///
    /// @param newer asked between two steps; gives a policy of the same shape once, which this
    ///   sampler reads from then on instead of the one before
    public List<Sample> sample(
            List<Request> requests,
            SamplingSettings settings,
            Supplier<Optional<Transformer>> newer) {
        List<Integer> order = byPromptLength(requests);
        Sample[] samples = new Sample[requests.size()];
        int weights = 0;
        int from = 0;
        while (from < order.size()) {
            Batch batch = batch(requests, order, from, settings, weights);
            weights = decode(batch, settings, newer, weights);
            for (Completion completion : batch.completions()) {
                samples[order.get(from++)] = completion.sample();
            }
        }
        return Arrays.asList(samples);
    }

    @Override
    public void close() {
        manager.close();
    }

    NDManager manager() {
        return manager;
    }

    /// Prompts of like length share a batch, so that little is spent on padding.
    private List<Integer> byPromptLength(List<Request> requests) {
        for (Request request : requests) {
            if (request.promptTokens().length >= policy.shape().maxPositions()) {
                throw new IllegalArgumentException(
                        "a prompt of "
                                + request.promptTokens().length
                                + " tokens leaves no room in the model's maxPositions "
                                + policy.shape().maxPositions());
            }
        }
        return IntStream.range(0, requests.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> requests.get(i).promptTokens().length))
                .toList();
    }

    /// Sequences that are decoded in one go.
    ///
    /// @param rows of them, how many at a time
    /// @param columns room for prompt and completion of each
    private record Batch(List<Completion> completions, int rows, int columns) {}

    /// The batch of the requests from number `from` of `order` on: as many rows as are allowed and
    /// fit, then all whose prompts are not so much longer that the rows would be too wide for the
    /// first.
    private Batch batch(
            List<Request> requests,
            List<Integer> order,
            int from,
            SamplingSettings settings,
            int weights) {
        int to = from;
        int rows = 0;
        int columns = 0;
        while (to < order.size() && rows < mostTogether) {
            int wanted = columns(requests.get(order.get(to)), settings);
            if (rows > 0 && bytes(wanted, rows + 1) > LARGEST_CACHE_BYTES) {
                break;
            }
            columns = wanted;
            rows++;
            to++;
        }
        long widest = (long) WIDEST_TO_FIRST * columns;
        while (to < order.size()) {
            int wanted = columns(requests.get(order.get(to)), settings);
            if (wanted > widest || bytes(wanted, rows) > LARGEST_CACHE_BYTES) {
                break;
            }
            columns = wanted;
            to++;
        }
        List<Completion> completions = new ArrayList<>();
        for (int index : order.subList(from, to)) {
            completions.add(completion(requests.get(index), settings, weights));
        }
        return new Batch(completions, rows, columns);
    }

    private static int columns(Request request, SamplingSettings settings) {
        return Math.addExact(request.promptTokens().length, settings.maxTokens());
    }

    private long bytes(int columns, int rows) {
        int withThoseReadAhead = rows + ReadAhead.mostPrompts(rows);
        return KeyValueCache.bytesPerToken(policy.shape()) * columns * withThoseReadAhead;
    }

    private Completion completion(Request request, SamplingSettings settings, int weights) {
        int room = policy.shape().maxPositions() - request.promptTokens().length;
        int limit = Math.min(settings.maxTokens(), request.mostTokens());
        return new Completion(request, Math.min(limit, room), weights);
    }

    /// Draws a batch to its end, and gives the number of the weights that drew last.
    private int decode(
            Batch batch,
            SamplingSettings settings,
            Supplier<Optional<Transformer>> newer,
            int weightsBefore) {
        int weights = weightsBefore;
        KeyValueCache room = room(batch.rows(), batch.columns());
        try (GradientMode _ = GradientMode.off();
                NDManager call = manager.newSubManager();
                DecodingBatch decoding =
                        new DecodingBatch(
                                policy,
                                call,
                                room,
                                batch.completions(),
                                batch.rows(),
                                batch.columns(),
                                NextToken.probabilities(settings.temperature()))) {
            while (decoding.step()) {
                Optional<Transformer> next = newer.get();
                if (next.isPresent()) {
                    policy = next.get();
                    decoding.useWeights(policy);
                    weights++;
                    for (Completion completion : batch.completions()) {
                        completion.drawnBy(weights);
                    }
                }
            }
        }
        return weights;
    }

    private KeyValueCache room(int rows, int columns) {
        KeyValueCache present = cache;
        if (present != null && present.holds(rows, columns)) {
            return present;
        }
        if (present != null) {
            present.close();
        }
        KeyValueCache larger = new KeyValueCache(policy.shape(), manager, rows, columns);
        cache = larger;
        return larger;
    }
}
