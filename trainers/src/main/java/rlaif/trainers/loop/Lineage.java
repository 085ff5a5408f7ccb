package rlaif.trainers.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.topics.CheckpointFollower;

/// The announced versions of one policy and role, as they stand on the stream.
public final class Lineage {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Duration LONGEST_UNSEEN = Duration.ofSeconds(10);

    private final CheckpointFollower follower;
    private final String policy;
    private final CheckpointRole role;

    public Lineage(CheckpointFollower follower, String policy, CheckpointRole role) {
        this.follower = follower;
        this.policy = policy;
        this.role = role;
    }

    /// The newest version; empty: none is announced yet.
    public Optional<Checkpoint> head() {
        follower.refresh();
        return follower.latest(policy, role);
    }

    /// An announced version.
    public Optional<Checkpoint> version(long version) {
        follower.refresh();
        return follower.version(policy, role, version);
    }

    /// A version that was announced when this last looked.
    Optional<Checkpoint> known(long version) {
        return follower.version(policy, role, version);
    }

    /// Looks until `version` is announced; empty once `stopped`.
    public Optional<Checkpoint> await(long version, BooleanSupplier stopped) {
        while (!stopped.getAsBoolean()) {
            Optional<Checkpoint> announced = version(version);
            if (announced.isPresent()) {
                return announced;
            }
            try {
                Thread.sleep(BETWEEN_LOOKS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /// Refuses to go on from `parent` (empty: from nothing) where another trainer has announced
    /// since.
    public void requireHead(OptionalLong parent) {
        Optional<Checkpoint> head = parent.isEmpty() ? head() : headFrom(parent.getAsLong());
        boolean same =
                head.isEmpty()
                        ? parent.isEmpty()
                        : parent.isPresent() && head.get().getVersion() == parent.getAsLong();
        if (!same) {
            throw new FencedTrainerException(
                    "%s of policy %s: this trainer goes on from %s, but %s. Start it again to go on from there"
                            .formatted(
                                    TrainerIdentity.written(role),
                                    policy,
                                    parent.isEmpty() ? "nothing" : "version " + parent.getAsLong(),
                                    successor(head)));
        }
    }

    /// The newest version from `least` on, once it can be read: a commit returns a moment before
    /// its records do.
    private Optional<Checkpoint> headFrom(long least) {
        Instant deadline = Instant.now().plus(LONGEST_UNSEEN);
        await(least, () -> Instant.now().isAfter(deadline));
        return head();
    }

    private static String successor(Optional<Checkpoint> head) {
        return head.map(c ->
                        "version %d was announced by run %s, generation %d"
                                .formatted(c.getVersion(), c.getRun(), c.getGeneration()))
                .orElse("no version is announced any more");
    }

    /// What is known of who took over, for a trainer that the broker has fenced.
    FencedTrainerException fenced(String transactionalId, String run, Throwable cause) {
        Optional<Checkpoint> head = head();
        String who =
                head.isPresent() && !head.get().getRun().equals(run)
                        ? successor(head)
                        : "a newer trainer of run %s, whose newest word is: %s"
                                .formatted(run, successor(head));
        return new FencedTrainerException(
                "%s of policy %s is published by a newer trainer (transactional id %s): %s. This one ends; run only one trainer for each policy and role"
                        .formatted(TrainerIdentity.written(role), policy, transactionalId, who),
                cause);
    }
}
