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
    }

    /// Goes on from what was saved; where another algorithm left no value model, it begins anew.
    void load(Path trainerFiles) {
        if (Files.exists(trainerFiles.resolve(WEIGHTS))) {
            trained.model().loadTrained(trainerFiles.resolve(WEIGHTS));
            optimizer.load(trainerFiles.resolve(OPTIMIZER));
        }
    }

    @Override
    public void close() {
        optimizer.close();
        trained.close();
    }
}
