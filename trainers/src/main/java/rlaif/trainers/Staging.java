package rlaif.trainers;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import rlaif.events.Checkpoint;
import rlaif.models.CheckpointStore;
import rlaif.models.ModelShape;
import rlaif.models.Tokenizer;
import rlaif.trainers.batching.MicroBatching;
import rlaif.trainers.loop.ManifestFacts;
import rlaif.trainers.loop.Standing;
import rlaif.trainers.loop.TrainerIdentity;

/// Where a learner writes its versions before they are announced.
record Staging(Workshop workshop, TrainerIdentity identity, Tokenizer tokenizer) {

    /// How a step is divided.
    MicroBatching microBatching() {
        return workshop.footprint().microBatching();
    }

    /// Which records a model of `shape` is trained on.
    TokenCheck tokens(ModelShape shape) {
        return new TokenCheck(shape, tokenizer.digest(), workshop.footprint().maxTokens());
    }

    /// Writes `version` to the checkpoint store.
    ///
    /// @param standing of the run, which the version ends
    /// @param settings those that decide the weights, footprint apart
    /// @param trainerFiles writes what a resume needs beside model and adapters
    /// @return the announcement with URI and digest
    Checkpoint.Builder stage(
            TrainedModel trained,
            long version,
            Standing standing,
            Map<String, Object> settings,
            Consumer<Path> trainerFiles) {
        CheckpointStore.Stored stored =
                workshop.storeOf(identity)
                        .save(
                                TrainerIdentity.written(identity.role()),
                                version,
                                trained.model(),
                                tokenizer,
                                trained.facts(
                                        ManifestFacts.of(
                                                identity,
                                                version,
                                                standing,
                                                workshop.footprint().facts(settings))),
                                trainer -> {
                                    trained.save(trainer);
                                    trainerFiles.accept(trainer);
                                });
        return Checkpoint.newBuilder().setUri(stored.uri()).setDigest(stored.digest());
    }
}
