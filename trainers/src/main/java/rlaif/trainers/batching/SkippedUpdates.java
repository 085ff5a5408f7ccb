package rlaif.trainers.batching;

import java.util.Map;

/// How the metrics of a step tell of optimizer updates that it left out, since loss or gradient was
/// not finite.
public final class SkippedUpdates {
    /// Name of the metric that counts them.
    public static final String METRIC = "skipped_updates";

    private SkippedUpdates() {}

    /// Metrics of a step of which nothing was done.
    public static Map<String, Double> whole() {
        return Map.of(METRIC, 1.0);
    }

    /// Whether the step with these metrics left one out.
    public static boolean any(Map<String, Double> metrics) {
        return metrics.getOrDefault(METRIC, 0.0) > 0;
    }
}
