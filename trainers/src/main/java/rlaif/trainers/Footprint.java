package rlaif.trainers;

import java.util.HashMap;
import java.util.Map;
import rlaif.trainers.batching.MicroBatching;

/// What a trainer keeps in memory: gradients and moments of which weights, and how much of a step
/// at once.
///
/// @param weights that are trained; default every one
/// @param microBatching of a step; default undivided
/// @param maxTokens longest sequence that is trained on, 2 or more; default {@link #MAX_TOKENS}
public record Footprint(TrainedWeights weights, MicroBatching microBatching, int maxTokens) {
    /// What activations of every layer are kept for, where nothing else is said.
    public static final int MAX_TOKENS = 4096;

    public Footprint {
        if (maxTokens < 2) {
            throw new IllegalArgumentException(
                    "maxTokens is " + maxTokens + "; it must be 2 or more");
        }
    }

    /// With the default length.
    public Footprint(TrainedWeights weights, MicroBatching microBatching) {
        this(weights, microBatching, MAX_TOKENS);
    }

    /// The defaults.
    public static Footprint whole() {
        return new Footprint(new TrainedWeights.Every(), MicroBatching.undivided());
    }

    /// `facts` with what of this is not the default.
    Map<String, Object> facts(Map<String, Object> facts) {
        Map<String, Object> all = new HashMap<>(facts);
        if (weights instanceof TrainedWeights.Adapters adapters) {
            all.put("lora", adapters.shape().toString());
        }
        if (microBatching.maxTokens() != MicroBatching.UNDIVIDED) {
            all.put("microBatchTokens", microBatching.maxTokens());
        }
        if (maxTokens != MAX_TOKENS) {
            all.put("maxTokens", maxTokens);
        }
        return all;
    }
}
