package rlaif.producers;

import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.events.Checkpoint;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.CheckpointStore;
import rlaif.models.Sampler;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;

/// The policy that samples now: the newest version whose folder could be read.
///
/// Owned by the thread that computes.
final class ServedPolicy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServedPolicy.class);

    private final CheckpointStore store;
    private Optional<Loaded> loaded = Optional.empty();
    private long newestSeen = -1;

    ServedPolicy(CheckpointStore store) {
        this.store = store;
    }

    record Loaded(long version, Transformer model, Sampler sampler, Tokenizer tokenizer) {}

    Loaded loaded() {
        return loaded.orElseThrow(() -> new IllegalStateException("no policy is loaded yet"));
    }

    /// Swaps to `newest` unless it serves already. A folder that is refused leaves the old version
    /// serving; the first must load.
    void follow(Checkpoint newest) {
        if (newest.getVersion() == newestSeen) {
            return;
        }
        newestSeen = newest.getVersion();
        try {
            swap(newest, store.open(newest.getUri(), newest.getDigest()));
        } catch (CheckpointRefusedException e) {
            if (loaded.isEmpty()) {
                throw e;
            }
            LOG.error(
                    "policy {} version {} is refused, version {} keeps serving: {}",
                    newest.getPolicy(),
                    newest.getVersion(),
                    loaded.get().version(),
                    e.getMessage());
        }
    }

    private void swap(Checkpoint newest, Path folder) {
        Transformer model = Transformer.load(folder);
        Tokenizer tokenizer = Tokenizer.load(folder);
        close();
        loaded = Optional.of(new Loaded(newest.getVersion(), model, new Sampler(model), tokenizer));
        LOG.info("policy {} version {} samples now", newest.getPolicy(), newest.getVersion());
    }

    @Override
    public void close() {
        loaded.ifPresent(old -> {
            old.sampler().close();
            old.model().close();
            old.tokenizer().close();
        });
        loaded = Optional.empty();
    }
}
