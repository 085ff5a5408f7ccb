package rlaif.models;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Draws completions from a policy, many at a time, with a key-value cache that is kept between
/// calls.
///
/// Each completion has its own random generator. The same requests, weights and thread count give
/// the same samples; among other requests a sequence can differ in the last bits of its logprobs.
/// The sampler reads the policy's live weights, and neither may change while `sample` runs.
public final class Sampler implements AutoCloseable {

    /// One completion asked for.
    ///
    /// @param promptTokens the prompt, 1 token or more
    /// @param seed decides the draws
    @SuppressWarnings("ArrayRecordComponent") // owned by the reader, never compared
    public record Request(int[] promptTokens, long seed) {

        public Request {
            if (promptTokens.length == 0) {
                throw new IllegalArgumentException("a prompt has no tokens");
            }
        }
    }

    /// One completion drawn.
    ///
    /// @param tokens the completion, its end token included when it was drawn
    /// @param logprobs log-softmax(logits / temperature) over the whole vocabulary, one a token
    /// @param ended whether the end token was drawn; else the limit of tokens or positions cut it
    @SuppressWarnings("ArrayRecordComponent") // owned by the reader, never compared
    public record Sample(int[] tokens, float[] logprobs, boolean ended) {}

    private static final int LARGEST_BATCH = 256;
    private static final long LARGEST_CACHE_BYTES = 512L << 20;

    private final Transformer policy;
    private final NDManager manager;
    private @Nullable KeyValueCache cache;

    public Sampler(Transformer policy) {
        policy.requireHead(Head.LANGUAGE_MODEL);
        this.policy = policy;
        this.manager = policy.manager().newSubManager();
    }

    /// Samples one completion for each request; the results stand in the order of the requests.
    public List<Sample> sample(List<Request> requests, SamplingSettings settings) {
        List<Integer> order = byPromptLength(requests);
        Sample[] samples = new Sample[requests.size()];
        int from = 0;
        while (from < order.size()) {
            int to = batchEnd(requests, order, from, settings);
            List<Request> batch = new ArrayList<>();
            for (int index : order.subList(from, to)) {
                batch.add(requests.get(index));
            }
            List<Sample> drawn = sampleBatch(batch, settings);
            for (int i = from; i < to; i++) {
                samples[order.get(i)] = drawn.get(i - from);
            }
            from = to;
        }
        return Arrays.asList(samples);
    }

    @Override
    public void close() {
        manager.close();
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

    private int batchEnd(
            List<Request> requests, List<Integer> order, int from, SamplingSettings settings) {
        int to = from + 1;
        while (to < order.size() && to - from < LARGEST_BATCH) {
            int columns = columns(requests.get(order.get(to)).promptTokens().length, settings);
            long bytes = KeyValueCache.bytesPerToken(policy.shape()) * columns * (to + 1 - from);
            if (bytes > LARGEST_CACHE_BYTES) {
                break;
            }
            to++;
        }
        return to;
    }

    private List<Sample> sampleBatch(List<Request> batch, SamplingSettings settings) {
        int longestPrompt = batch.getLast().promptTokens().length;
        int columns = columns(longestPrompt, settings);
        KeyValueCache room = room(batch.size(), columns);
        List<Completion> completions =
                batch.stream().map(request -> completion(request, settings)).toList();
        try (GradientMode _ = GradientMode.off();
                NDManager call = manager.newSubManager();
                DecodingBatch decoding =
                        new DecodingBatch(
                                policy,
                                call,
                                room,
                                completions,
                                columns,
                                longestPrompt,
                                NextToken.probabilities(settings.temperature()))) {
            boolean going = true;
            while (going) {
                going = decoding.step();
            }
        }
        return completions.stream().map(Completion::sample).toList();
    }

    private Completion completion(Request request, SamplingSettings settings) {
        int room = policy.shape().maxPositions() - request.promptTokens().length;
        return new Completion(request, Math.min(settings.maxTokens(), room));
    }

    private static int columns(int longestPrompt, SamplingSettings settings) {
        return Math.addExact(longestPrompt, settings.maxTokens());
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
