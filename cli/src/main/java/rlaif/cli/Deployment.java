package rlaif.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.models.CheckpointStore;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.TopicPlan;

/// What every role meets in: the cluster, its topics, and the checkpoint store.
final class Deployment implements AutoCloseable {
    private final Configuration configuration;
    private final ClusterAccess access;
    private final Codecs codecs;
    private final CheckpointStore checkpoints;

    private Deployment(Configuration configuration, ClusterAccess access) {
        this.configuration = configuration;
        this.access = access;
        this.codecs = new Codecs(access.connection());
        this.checkpoints = new CheckpointStore(checkpoints(configuration));
    }

    /// Uses the configured cluster, or starts the embedded one; makes the topics that are missing.
    static Deployment open(
            Configuration configuration, boolean verbose, Consumer<String> progress) {
        return open(configuration, ClusterSettings.of(configuration), verbose, progress);
    }

    /// @param settings of this configuration
    static Deployment open(
            Configuration configuration,
            ClusterSettings settings,
            boolean verbose,
            Consumer<String> progress) {
        ClusterAccess access = ClusterAccess.open(configuration, settings, verbose, progress);
        try (Admin admin = access.connection().openAdmin()) {
            TopicPlan plan = TopicPlan.compare(admin, access.connection(), access.layout(admin));
            if (!plan.differences().isEmpty()) {
                progress.accept("creating topics and registering schemas");
                plan.apply();
            }
            return new Deployment(configuration, access);
        } catch (RuntimeException failure) {
            access.close();
            throw failure;
        }
    }

    /// The same for a command that only looks: where there is no data yet, or no stream with the
    /// configured prefix, it says so and creates none.
    static Deployment look(
            Configuration configuration, boolean verbose, Consumer<String> progress) {
        Path data = ClusterAccess.dataDirectory(configuration);
        if (!hasData(configuration)) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "no data of rlaif in "
                            + data
                            + ": name its directory with --data, or a cluster with -b");
        }
        ClusterAccess access = ClusterAccess.open(configuration, verbose, progress);
        try {
            StreamPrefixes.of(access.connection()).require(access.connection().prefix());
            return new Deployment(configuration, access);
        } catch (RuntimeException failure) {
            access.close();
            throw failure;
        }
    }

    /// Whether there is something to look at: a cluster that is named, or data of an embedded one.
    static boolean hasData(Configuration configuration) {
        return configuration.passedThrough().containsKey("kafka.bootstrap.servers")
                || Files.isDirectory(checkpoints(configuration));
    }

    Configuration configuration() {
        return configuration;
    }

    Connection connection() {
        return access.connection();
    }

    Codecs codecs() {
        return codecs;
    }

    /// The folder of the checkpoint store.
    static Path checkpoints(Configuration configuration) {
        return configuration.given(Key.CHECKPOINTS_DIR).isPresent()
                ? configuration.path(Key.CHECKPOINTS_DIR).toAbsolutePath().normalize()
                : ClusterAccess.dataDirectory(configuration).resolve("checkpoints");
    }

    CheckpointStore checkpoints() {
        return checkpoints;
    }

    Path data() {
        return ClusterAccess.dataDirectory(configuration);
    }

    /// A folder below the data directory, made where it is missing.
    Path folder(String name) {
        try {
            return Files.createDirectories(data().resolve(name));
        } catch (IOException unwritable) {
            throw new UncheckedIOException("cannot create " + data().resolve(name), unwritable);
        }
    }

    @Override
    public void close() {
        codecs.close();
        access.close();
    }
}
