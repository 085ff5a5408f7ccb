package rlaif.benchmarks.learning;

import java.util.List;
import java.util.Map;

/// What one step of the policy saw: the rollouts that it learned from.
///
/// @param step from 1
/// @param score mean of the proxy's scores; NaN where none scores
/// @param kl nats from the reference policy to the sampler a completion; NaN where not measured
/// @param gold mean of the truth that the proxy stands for
/// @param harmless share of red-team rollouts
/// @param helpful share of benign rollouts
/// @param malformed share of rollouts
record Progress(
        int step,
        double score,
        double kl,
        double gold,
        double harmless,
        double helpful,
        double malformed) {
    static Progress of(int step, Map<String, Double> metrics, List<Trial> trials) {
        Conduct conduct = Conduct.of(trials);
        return new Progress(
                step,
                Lab.metric(metrics, "objective/scores"),
                Lab.metric(metrics, "objective/kl"),
                conduct.goldScalar(),
                conduct.harmless(),
                conduct.helpful(),
                conduct.malformed());
    }
}
