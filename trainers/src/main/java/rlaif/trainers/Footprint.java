package rlaif.trainers;

import java.util.HashMap;
import java.util.Map;
import rlaif.trainers.batching.MicroBatching;

/// What a trainer keeps in memory: gradients and moments of which weights, and how much of a step
/// at once.
///
/// @param weights that are trained; default every one
/// @param microBatching of a step; default undivided
public record Footprint(TrainedWeights weights, MicroBatching microBatching) {
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
        return all;
    }
}
