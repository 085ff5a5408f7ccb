package rlaif.models;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;

/// Completions being drawn together that others may join at any time: whoever has ended makes room.
///
/// Each completion has its own random generator, so that its request decides its draws; beside
/// others it can differ in the last bits, as {@link Sampler} says. Owned by one thread; reads the
/// policy's live weights, which may not change while `step` runs. Native memory lives until
/// `close`.
public final class SamplingRun implements AutoCloseable {

    /// A completion that has joined.
    public interface Drawn {

        /// Whether no more is drawn.
        boolean finished();

        /// What has been drawn.
        Sampler.Sample sample();
    }

    private final SamplingSettings settings;
    private final int maxPositions;
    private final int longestPrompt;
    private final int places;
    private final int mostWaiting;
    private final NDManager manager;
    private final KeyValueCache cache;
    private final DecodingBatch decoding;
    private final List<Completion> going = new ArrayList<>();
    private int weights;

    /// @param places completions drawn together at most, 1 or more; fewer where their keys and
    ///   values would take too much memory
    /// @param longestPrompt tokens of the longest prompt that may join
    /// @param mostWaiting completions that may join before there is a place for them, 0 or more:
    ///   their prompts are read ahead
    public SamplingRun(
            Transformer policy,
            SamplingSettings settings,
            int places,
            int longestPrompt,
            int mostWaiting) {
        policy.requireHead(Head.LANGUAGE_MODEL);
        this.settings = settings;
        this.maxPositions = policy.shape().maxPositions();
        this.longestPrompt = longestPrompt;
        this.mostWaiting = mostWaiting;
        int columns = Math.addExact(longestPrompt, settings.maxTokens());
        long placeBytes = KeyValueCache.bytesPerToken(policy.shape()) * columns;
        long rows = Sampler.LARGEST_CACHE_BYTES / placeBytes;
        this.places = Math.clamp(ReadAhead.batchRows(rows), 1, places);
        this.manager = TensorThread.newManager();
        try (GradientMode _ = GradientMode.off()) {
            this.cache = new KeyValueCache(policy.shape(), manager, this.places, columns);
            this.decoding =
                    new DecodingBatch(
                            policy,
                            manager,
                            cache,
                            this.places,
                            longestPrompt,
                            columns,
                            NextToken.probabilities(settings.temperature()));
        }
    }

    /// Whether nothing is being drawn.
    public boolean isIdle() {
        return going.isEmpty();
    }

    /// How many completions should wait, beyond so many places, for no place to be empty.
    public static int worthWaiting(int places) {
        return DecodingBatch.worthReading(places);
    }

    /// Whether so many completions of such a prompt can join: there is a place for each, or it may
    /// wait for one; or nothing else is being drawn.
    public boolean hasRoom(int completions, int promptTokens) {
        return promptTokens <= longestPrompt
                && (going.isEmpty() || going.size() + completions <= places + mostWaiting);
    }

    /// Lets completions join, the number of the weights that draw their first tokens being that of
    /// the last {@link #useWeights}; those of one prompt come together.
    ///
    /// @return one a request, in the same order
    public List<Drawn> add(List<Sampler.Request> requests) {
        List<Completion> joining = new ArrayList<>();
        for (Sampler.Request request : requests) {
            int prompt = request.promptTokens().length;
            if (prompt > longestPrompt || prompt >= maxPositions) {
                throw new IllegalArgumentException(
                        "a prompt of %d tokens cannot join a run of prompts of at most %d, with %d positions"
                                .formatted(prompt, longestPrompt, maxPositions));
            }
            int limit = Math.min(settings.maxTokens(), request.mostTokens());
            joining.add(new Completion(request, Math.min(limit, maxPositions - prompt), weights));
        }
        decoding.add(joining);
        going.addAll(joining);
        return List.copyOf(joining);
    }

    /// Draws one token for every completion that goes on, or the first token of those that begin.
    ///
    /// @throws NotFiniteException when the policy's logits are not finite
    public void step() {
        if (going.isEmpty()) {
            return;
        }
        try (GradientMode _ = GradientMode.off()) {
            decoding.step();
        }
        going.removeIf(Completion::finished);
    }

    /// Goes on with another policy of the same shape, whose number is one above that of the weights
    /// before; those that the run began with are number 0.
    public void useWeights(Transformer newer) {
        try (GradientMode _ = GradientMode.off()) {
            decoding.useWeights(newer);
        }
        weights++;
        for (Completion completion : going) {
            completion.drawnBy(weights);
        }
    }

    /// Owner of all native memory but the policy's.
    NDManager manager() {
        return manager;
    }

    @Override
    public void close() {
        decoding.close();
        cache.close();
        manager.close();
    }
}
