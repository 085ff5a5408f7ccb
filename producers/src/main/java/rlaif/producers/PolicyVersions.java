package rlaif.producers;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.CheckpointStore;
import rlaif.topics.CheckpointFollower;

/// The announced versions of one policy, loaded as they come; each once, and only the newest.
///
/// One thread at a time uses it.
final class PolicyVersions {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyVersions.class);

    private final CheckpointFollower follower;
    private final CheckpointStore store;
    private final String policy;
    private long newestSeen = -1;
    private boolean oneLoaded;

    PolicyVersions(CheckpointFollower follower, CheckpointStore store, String policy) {
        this.follower = follower;
        this.store = store;
        this.policy = policy;
    }

    /// The newest version, when it was not looked at before. One whose folder is refused is passed
    /// over; the first must load.
    Optional<PolicyVersion> next() {
        follower.refresh();
        Optional<Checkpoint> newest =
                follower.latest(policy, CheckpointRole.POLICY)
                        .filter(checkpoint -> checkpoint.getVersion() != newestSeen);
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        newestSeen = newest.get().getVersion();
        try {
            PolicyVersion loaded = PolicyVersion.load(store, newest.get());
            oneLoaded = true;
            return Optional.of(loaded);
        } catch (CheckpointRefusedException e) {
            if (!oneLoaded) {
                throw e;
            }
            LOG.error(
                    "policy {} version {} is refused, the version before keeps serving: {}",
                    policy,
                    newestSeen,
                    e.getMessage());
            return Optional.empty();
        }
    }
}
