package rlaif.trainers.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Role;

/// The announced versions of one policy and role, as they stand on the stream.
public final class Lineage {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Duration LONGEST_UNSEEN = Duration.ofSeconds(10);
    private static final Duration LONGEST_ANNOUNCING = Duration.ofSeconds(3);

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

    /// Refuses to begin a policy beside another one, as this last looked.
    public void requireFirstOfItsTopics() {
        follower.all().stream()
                .filter(announced -> announced.getRole() == CheckpointRole.POLICY)
                .map(Checkpoint::getPolicy)
                .filter(other -> !other.equals(policy))
                .findFirst()
                .ifPresent(other -> {
                    throw new SecondPolicyException(policy, other, "these topics are those of");
                });
    }

    /// An announced version.
    public Optional<Checkpoint> version(long version) {
        follower.refresh();
        return follower.version(policy, role, version);
    }

    /// The versions before `next` whose files are still there, newest first.
    List<Checkpoint> keptBefore(long next) {
        if (next > 0) {
            Optional<Checkpoint> _ = headFrom(next - 1);
        }
        return follower.kept(policy, role).stream()
                .filter(checkpoint -> checkpoint.getVersion() < next)
                .toList();
    }

    /// Announced versions that `head` does not come from, neither by its parents nor by what these
    /// restore: a rollback has left them behind.
    Set<Long> abandoned(Checkpoint head) {
        Set<Long> line = new HashSet<>();
        Optional<Checkpoint> at = Optional.of(head);
        while (at.isPresent() && line.add(at.get().getVersion())) {
            Optional.ofNullable(at.get().getRestores()).ifPresent(line::add);
            at = Optional.ofNullable(at.get().getParent()).flatMap(this::known);
        }
        return follower.all().stream()
                .filter(announced ->
                        announced.getPolicy().equals(policy) && announced.getRole() == role)
                .map(Checkpoint::getVersion)
                .filter(version -> !line.contains(version))
                .collect(Collectors.toSet());
    }

    /// The versions whose files are deleted, as this last looked.
    Set<Long> retired() {
        return follower.retired(policy, role);
    }

    /// Whether a version with these files was announced when this last looked.
    boolean announces(String uri) {
        return follower.all().stream()
                .filter(announced ->
                        announced.getPolicy().equals(policy) && announced.getRole() == role)
                .anyMatch(announced -> announced.getUri().equals(uri));
    }

    /// What follows `version`, as this last looked, in words: a later version or a reward model;
    /// empty: nothing.
    public Optional<String> following(Checkpoint version) {
        return follower.all().stream()
                .filter(announced -> announced.getPolicy().equals(policy))
                .filter(announced ->
                        announced.getRole() == CheckpointRole.REWARD_MODEL
                                || announced.getVersion() > version.getVersion())
                .map(announced ->
                        "%s version %d"
                                .formatted(
                                        TrainerIdentity.written(announced.getRole()),
                                        announced.getVersion()))
                .findFirst();
    }

    /// The newest version up to `last` that ends steps of a trainer of `topic`, as this last
    /// looked.
    Optional<Checkpoint> newestOf(String topic, long last) {
        return follower.all().stream()
                .filter(announced ->
                        announced.getPolicy().equals(policy) && announced.getRole() == role)
                .filter(announced ->
                        announced.getVersion() <= last && Standing.isOf(topic, announced))
                .max(Comparator.comparingLong(Checkpoint::getVersion));
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
            if (!rest()) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /// Whether it was not interrupted.
    private static boolean rest() {
        try {
            Thread.sleep(BETWEEN_LOOKS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Refuses to announce what follows `newest` (empty: nothing) where another has announced
    /// since.
    public void requireHead(OptionalLong newest) {
        Optional<Checkpoint> head = newest.isEmpty() ? head() : headFrom(newest.getAsLong());
        boolean same =
                head.isEmpty()
                        ? newest.isEmpty()
                        : newest.isPresent() && head.get().getVersion() == newest.getAsLong();
        if (!same) {
            throw new FencedTrainerException(
                    "%s of policy %s: this trainer goes on from %s, but %s. Start it again to go on from there"
                            .formatted(
                                    TrainerIdentity.written(role),
                                    policy,
                                    newest.isEmpty() ? "nothing" : "version " + newest.getAsLong(),
                                    successor(head)),
                    newest.orElse(-1));
        }
    }

    /// Whether the newest version is an operator's, and newer than `known`; where not, looks again
    /// for a while, since an operator fences trainers a moment before it announces.
    boolean operatorFollows(long known) {
        Instant deadline = Instant.now().plus(LONGEST_ANNOUNCING);
        boolean follows = operatorFollowed(known);
        while (!follows && Instant.now().isBefore(deadline) && rest()) {
            follows = operatorFollowed(known);
        }
        return follows;
    }

    /// The same as things stand now.
    boolean operatorFollowed(long known) {
        return head().filter(head -> isOperators(head, known)).isPresent();
    }

    private static boolean isOperators(Checkpoint head, long known) {
        return head.getVersion() > known && head.getAnnouncedBy().equals(Role.OPERATOR.id());
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
    ///
    /// @param goesOnFrom the newest version that it knew; -1: none
    FencedTrainerException fenced(
            String transactionalId, String run, long goesOnFrom, Throwable cause) {
        Optional<Checkpoint> head = head();
        String who =
                head.isPresent() && !head.get().getRun().equals(run)
                        ? successor(head)
                        : "a newer trainer of run %s, whose newest word is: %s"
                                .formatted(run, successor(head));
        return new FencedTrainerException(
                "%s of policy %s is published by a newer trainer (transactional id %s): %s. This one ends; run only one trainer for each policy and role"
                        .formatted(TrainerIdentity.written(role), policy, transactionalId, who),
                goesOnFrom,
                cause);
    }
}
