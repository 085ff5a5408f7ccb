package rlaif.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import rlaif.cli.config.Key;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.topics.CheckpointFollower;

/// The versions of the configured policy, or of its reward model, as the stream tells them now.
final class AnnouncedVersions implements AutoCloseable {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final Deployment deployment;
    private final CheckpointRole role;
    private final String policy;
    private final CheckpointFollower follower;

    AnnouncedVersions(Deployment deployment, CheckpointRole role) {
        this.deployment = deployment;
        this.role = role;
        this.policy = deployment.configuration().text(Key.POLICY_NAME);
        this.follower = new CheckpointFollower(deployment.connection(), deployment.codecs());
    }

    /// Whether the configured policy has come to a version.
    static boolean reach(Deployment deployment, long version) {
        try (AnnouncedVersions versions =
                new AnnouncedVersions(deployment, CheckpointRole.POLICY)) {
            versions.follower.refresh();
            return versions.follower
                    .latest(versions.policy, CheckpointRole.POLICY)
                    .filter(newest -> newest.getVersion() >= version)
                    .isPresent();
        }
    }

    /// In ascending order.
    List<PolicyVersion> all() {
        follower.refresh();
        Set<Long> retired = follower.retired(policy, role);
        return follower.all().stream()
                .filter(announced ->
                        announced.getPolicy().equals(policy) && announced.getRole() == role)
                .sorted(Comparator.comparingLong(Checkpoint::getVersion))
                .map(announced ->
                        new PolicyVersion(
                                announced,
                                retired.contains(announced.getVersion()),
                                deployment.checkpoints()))
                .toList();
    }

    /// That there is no version of the policy, and of which there are.
    Failure none() {
        return none(follower, policy, role);
    }

    /// The same for whoever follows the announcements already.
    static Failure none(CheckpointFollower follower, String policy, CheckpointRole role) {
        List<String> others =
                follower.all().stream()
                        .filter(announced -> announced.getRole() == role)
                        .map(Checkpoint::getPolicy)
                        .filter(name -> !name.equals(policy))
                        .distinct()
                        .sorted()
                        .toList();
        return new Failure(
                ExitCode.CONFIGURATION,
                "no version of %s '%s' is announced yet%s"
                        .formatted(
                                role == CheckpointRole.REWARD_MODEL
                                        ? "the reward model of policy"
                                        : "policy",
                                policy,
                                others.isEmpty()
                                        ? ""
                                        : "; there are versions of '%s': name it with -X %s=%s"
                                                .formatted(
                                                        String.join("', '", others),
                                                        Key.POLICY_NAME.key(),
                                                        others.getFirst())));
    }

    /// A version by its number, or `latest`.
    PolicyVersion named(String wanted) {
        if (!wanted.equals("latest") && !NUMBER.matcher(wanted).matches()) {
            throw new Failure(
                    ExitCode.USAGE, "a version is a number or latest, not '%s'".formatted(wanted));
        }
        List<PolicyVersion> all = all();
        if (all.isEmpty()) {
            throw none();
        }
        if (wanted.equals("latest")) {
            return all.getLast();
        }
        return all.stream()
                .filter(version -> Long.toString(version.announced().getVersion()).equals(wanted))
                .findFirst()
                .orElseThrow(() ->
                        new Failure(
                                ExitCode.CONFIGURATION,
                                "policy '%s' has no version %s on the stream; newest: %d"
                                        .formatted(
                                                policy,
                                                wanted,
                                                all.getLast().announced().getVersion())));
    }

    @Override
    public void close() {
        follower.close();
    }
}
