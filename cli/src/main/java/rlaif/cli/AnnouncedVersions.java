package rlaif.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import rlaif.cli.config.Key;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.topics.CheckpointFollower;

/// The versions of the configured policy, or of its reward model, as the stream tells them now.
final class AnnouncedVersions implements AutoCloseable {
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

    /// A version by its number, or `latest`.
    PolicyVersion named(String wanted) {
        List<PolicyVersion> all = all();
        if (all.isEmpty()) {
            throw new Failure(
                    ExitCode.CONFIGURATION, "policy '" + policy + "' has no version on the stream");
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
