package rlaif.trainers.ppo;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import rlaif.models.AdamW;

/// What one PPO step reports: {@link PolicyMetrics}, and of the value model
///
/// | metric | is |
/// |---|---|
/// | `loss/value_avg` | over the optimizer updates |
/// | `val/explained_variance` | 1 - var(return - old value) / var(return) |
/// | `value/grad_norm` | before clipping |
final class PpoMetrics {
    private final PolicyMetrics policy;
    private final Mean returns = new Mean();
    private final Mean valueErrors = new Mean();
    private final Mean valueLosses = new Mean();
    private final Mean valueGradientNorms = new Mean();

    PpoMetrics(PpoSettings settings, double beta, List<PpoMinibatch> minibatches) {
        this.policy =
                new PolicyMetrics(
                        settings,
                        beta,
                        minibatches.stream().flatMap(it -> it.measured().stream()).toList());
        minibatches.forEach(minibatch -> minibatch.experiences().forEach(this::saw));
    }

    private void saw(Experience experience) {
        for (int t = 0; t < experience.oldValues().length; t++) {
            double target = experience.estimates().returns()[t];
            returns.add(target);
            valueErrors.add(target - experience.oldValues()[t]);
        }
    }

    PolicyMetrics policy() {
        return policy;
    }

    /// Reads the ratios of an update under way.
    void sawRatios(PpoMinibatch minibatch, NDArray ratios) {
        List<float[]> rows = new CompletionGrid(minibatch.sequences()).rows(ratios);
        for (int i = 0; i < rows.size(); i++) {
            Experience experience = minibatch.experiences().get(i);
            policy.sawRatios(rows.get(i), experience.estimates().advantages(), experience.trust());
        }
    }

    void improvedValues(AdamW.StepResult step) {
        valueLosses.add(step.loss());
        valueGradientNorms.add(step.gradientNorm());
    }

    Map<String, Double> summary(double learningRate) {
        Map<String, Double> summary = policy.summary(learningRate);
        summary.put("loss/value_avg", valueLosses.value());
        summary.put("value/grad_norm", valueGradientNorms.value());
        summary.put("val/explained_variance", 1 - valueErrors.variance() / returns.variance());
        return summary;
    }
}
