package rlaif.trainers;

import java.nio.file.Files;
import java.nio.file.Path;
import rlaif.models.AdamW;
import rlaif.models.Transformer;
import rlaif.trainers.ppo.PpoSettings;

/// The value model of PPO in training, with its optimizer.
final class Critic implements AutoCloseable {
    private static final String OPTIMIZER = "value-optimizer";
    private static final String WEIGHTS = "value-weights";
    private static final String BASE = "value-adapter-base.json";

    private final TrainedModel trained;
    private final AdamW optimizer;

    Critic(TrainedModel trained) {
        this.trained = trained;
        this.optimizer = new AdamW(trained.model(), PpoSettings.ADAM);
    }

    Transformer model() {
        return trained.model();
    }

    AdamW optimizer() {
        return optimizer;
    }

    void save(Path trainerFiles) {
        optimizer.save(trainerFiles.resolve(OPTIMIZER));
        trained.model().saveTrained(trainerFiles.resolve(WEIGHTS));
        trained.origin().ifPresent(base -> base.save(trainerFiles.resolve(BASE)));
    }

    /// Goes on from what was saved; where another algorithm left no value model, it begins anew.
    ///
    /// @throws IllegalArgumentException if adapters were saved that belong beside other weights
    void load(Path trainerFiles) {
        if (Files.exists(trainerFiles.resolve(WEIGHTS))) {
            AdapterBase.load(trainerFiles.resolve(BASE)).ifPresent(this::requireBase);
            trained.model().loadTrained(trainerFiles.resolve(WEIGHTS));
            optimizer.load(trainerFiles.resolve(OPTIMIZER));
        }
    }

    private void requireBase(AdapterBase saved) {
        AdapterBase now = trained.origin().orElse(saved);
        if (!now.equals(saved)) {
            throw new IllegalArgumentException(
                    "the value model's adapters were trained beside %s (%s) and would be put beside %s (%s); set score.by as it was, or start another policy.name"
                            .formatted(saved.uri(), saved.digest(), now.uri(), now.digest()));
        }
    }

    @Override
    public void close() {
        optimizer.close();
        trained.close();
    }
}
