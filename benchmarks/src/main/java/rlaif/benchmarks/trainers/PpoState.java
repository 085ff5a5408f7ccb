package rlaif.benchmarks.trainers;

import java.nio.file.Path;
import rlaif.models.AdamW;
import rlaif.models.Transformer;
import rlaif.trainers.ppo.PpoSettings;

/// What a PPO trainer keeps beside the weights of each version: two optimizers and a value model,
/// five times the policy's bytes.
final class PpoState implements AutoCloseable {
    private final AdamW policyOptimizer;
    private final Transformer valueModel;
    private final AdamW valueOptimizer;

    PpoState(Transformer policy) {
        policyOptimizer = new AdamW(policy, PpoSettings.ADAM);
        valueModel = policy.withZeroScalarHead();
        valueOptimizer = new AdamW(valueModel, PpoSettings.ADAM);
    }

    /// Writes them under a trainer's names.
    void save(Path trainerFiles) {
        policyOptimizer.save(trainerFiles.resolve("policy-optimizer"));
        valueOptimizer.save(trainerFiles.resolve("value-optimizer"));
        valueModel.saveTrained(trainerFiles.resolve("value-weights"));
    }

    @Override
    public void close() {
        valueOptimizer.close();
        valueModel.close();
        policyOptimizer.close();
    }
}
