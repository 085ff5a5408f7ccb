package rlaif.producers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.events.Checkpoint;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.CheckpointStore;

/// The announced versions of one policy, loaded as they come; each once, and only the newest.
///
/// Threads take turns: one may follow it while another refuses what it gave.
final class PolicyVersions {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyVersions.class);

    private final Supplier<List<Checkpoint>> announced;
    private final CheckpointStore store;
    private final Map<Long, CheckpointRefusedException> withdrawn = new HashMap<>();
    private long newestSeen = -1;
    private boolean oneLoaded;

    /// @param announced looks for the versions whose files are there by what is announced, newest
    ///   first
    PolicyVersions(Supplier<List<Checkpoint>> announced, CheckpointStore store) {
        this.announced = announced;
        this.store = store;
    }

    /// The newest version, when it was not looked at before. One whose folder is refused is passed
    /// over: the version before keeps serving; at the start, the newest that is sound is loaded.
    synchronized Optional<PolicyVersion> next() {
        List<Checkpoint> newestFirst = announced.get();
        if (newestFirst.isEmpty() || newestFirst.getFirst().getVersion() == newestSeen) {
            return Optional.empty();
        }
        newestSeen = newestFirst.getFirst().getVersion();
        List<CheckpointRefusedException> refusals = new ArrayList<>();
        for (Checkpoint version : newestFirst) {
            try {
                PolicyVersion loaded = load(version);
                oneLoaded = true;
                return Optional.of(loaded);
            } catch (CheckpointRefusedException e) {
                refusals.add(e);
                LOG.error(
                        "policy {} version {} is refused, {}: {}",
                        version.getPolicy(),
                        version.getVersion(),
                        oneLoaded
                                ? "the version before keeps serving"
                                : "the version before is tried",
                        e.getMessage());
            }
            if (oneLoaded) {
                return Optional.empty();
            }
        }
        throw refusals.getFirst();
    }

    private PolicyVersion load(Checkpoint version) {
        CheckpointRefusedException refusal = withdrawn.get(version.getVersion());
        if (refusal != null) {
            throw refusal;
        }
        return PolicyVersion.load(store, version);
    }

    /// Gives `version` never again, for it cannot sample: the next is the newest of the others.
    synchronized void withdraw(long version, RuntimeException why) {
        withdrawn.put(
                version,
                new CheckpointRefusedException(
                        "version %d of the policy cannot sample: %s"
                                .formatted(version, why.getMessage()),
                        why));
        newestSeen = -1;
        oneLoaded = false;
    }
}
