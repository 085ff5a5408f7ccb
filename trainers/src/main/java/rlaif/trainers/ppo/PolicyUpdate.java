package rlaif.trainers.ppo;

import java.util.List;
import java.util.Map;

/// A rule by which a policy learns from scored rollouts.
public interface PolicyUpdate {
    /// Learns from `batch`; `shuffleSeed` alone decides how it is cut, `learningRateFactor` scales
    /// every learning rate. Returns the metrics of {@link PolicyMetrics} and of the rule.
    Map<String, Double> update(
            List<ScoredSequence> batch, long shuffleSeed, double learningRateFactor);

    /// All that it carries from step to step.
    StepFrame frame();
}
