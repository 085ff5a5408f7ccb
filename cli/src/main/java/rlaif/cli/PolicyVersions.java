package rlaif.cli;

import java.nio.file.Path;
import java.util.Optional;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.topics.CheckpointFollower;

/// Versions of a policy as they become known: announced on the stream of a cluster that is named,
/// else found in the data directory, whose own cluster is another process's.
final class PolicyVersions implements AutoCloseable {
    private final Configuration configuration;
    private final Optional<Announcements> announcements;

    /// A version and where its files are.
    record Version(long number, Path folder) {}

    /// The stream's announcements, and what they are read with.
    private record Announcements(Deployment deployment, CheckpointFollower follower) {
        void close() {
            follower.close();
            deployment.close();
        }
    }

    private PolicyVersions(Configuration configuration, Optional<Announcements> announcements) {
        this.configuration = configuration;
        this.announcements = announcements;
    }

    static PolicyVersions open(Configuration configuration, boolean verbose, Progress progress) {
        if (!configuration.passedThrough().containsKey("kafka.bootstrap.servers")) {
            return new PolicyVersions(configuration, Optional.empty());
        }
        Deployment deployment = Deployment.look(configuration, verbose, progress);
        return new PolicyVersions(
                configuration,
                Optional.of(
                        new Announcements(
                                deployment,
                                new CheckpointFollower(
                                        deployment.connection(), deployment.codecs()))));
    }

    /// A version by its number, or `latest`.
    Version version(String wanted) {
        if (announcements.isEmpty()) {
            Path folder = PolicyFolders.version(configuration, wanted);
            return new Version(PolicyFolders.versionOf(folder), folder);
        }
        Announcements announced = announcements.get();
        announced.follower().refresh();
        String policy = configuration.text(Key.POLICY_NAME);
        Checkpoint newest =
                announced
                        .follower()
                        .latest(policy, CheckpointRole.POLICY)
                        .orElseThrow(() ->
                                AnnouncedVersions.none(
                                        announced.follower(), policy, CheckpointRole.POLICY));
        Optional<Checkpoint> found =
                wanted.equals("latest")
                        ? Optional.of(newest)
                        : number(wanted)
                                .flatMap(version ->
                                        announced
                                                .follower()
                                                .version(policy, CheckpointRole.POLICY, version));
        Checkpoint checkpoint =
                found.orElseThrow(() ->
                        new Failure(
                                ExitCode.CONFIGURATION,
                                "policy '%s' has no version %s on the stream; newest: %d"
                                        .formatted(policy, wanted, newest.getVersion())));
        if (announced
                .follower()
                .retired(policy, CheckpointRole.POLICY)
                .contains(checkpoint.getVersion())) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "version %d of policy '%s' was deleted, as announced: rlaif policy list shows what is kept"
                            .formatted(checkpoint.getVersion(), policy));
        }
        return new Version(
                checkpoint.getVersion(),
                announced
                        .deployment()
                        .checkpoints()
                        .open(checkpoint.getUri(), checkpoint.getDigest()));
    }

    private static Optional<Long> number(String wanted) {
        return wanted.matches("\\d{1,18}") ? Optional.of(Long.parseLong(wanted)) : Optional.empty();
    }

    @Override
    public void close() {
        announcements.ifPresent(Announcements::close);
    }
}
