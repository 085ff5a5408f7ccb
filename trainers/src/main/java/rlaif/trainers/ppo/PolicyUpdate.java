package rlaif.trainers.ppo;

import java.util.List;
import java.util.Map;

/// A rule by which a policy learns from scored rollouts, with all that it carries from step to
/// step.
public interface PolicyUpdate {
    /// Learns from `batch`; `shuffleSeed` alone decides how it is cut, `learningRateFactor` scales
    /// every learning rate. Returns the metrics of {@link PolicyMetrics} and of the rule.
    Map<String, Double> update(
            List<ScoredSequence> batch, long shuffleSeed, double learningRateFactor);

    /// Coefficient of the KL penalty in the next step.
    double beta();

    /// Goes on at the coefficient that an earlier step left.
    void restoreBeta(double beta);
}
