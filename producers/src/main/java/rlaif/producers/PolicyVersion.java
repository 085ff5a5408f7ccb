package rlaif.producers;

import java.nio.file.Path;
import rlaif.events.Checkpoint;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.CheckpointStore;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;

/// One announced version of a policy, loaded.
record PolicyVersion(long version, Transformer model, Tokenizer tokenizer)
        implements AutoCloseable {

    /// @throws CheckpointRefusedException when its folder is not what was announced, or its weights
    ///   are not finite
    static PolicyVersion load(CheckpointStore store, Checkpoint announced) {
        Path folder = store.open(announced.getUri(), announced.getDigest());
        Transformer model = Transformer.load(folder);
        try {
            model.notFinite()
                    .ifPresent(tensor -> {
                        throw new CheckpointRefusedException(
                                "checkpoint %s: %s holds a value that is not finite"
                                        .formatted(announced.getUri(), tensor));
                    });
            return new PolicyVersion(announced.getVersion(), model, Tokenizer.load(folder));
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /// Whether it can go on with what `other` has begun: the same tokens, in a model of the same
    /// shape.
    boolean continues(PolicyVersion other) {
        return model.shape().equals(other.model.shape())
                && tokenizer.digest().equals(other.tokenizer.digest());
    }

    @Override
    public void close() {
        model.close();
        tokenizer.close();
    }
}
