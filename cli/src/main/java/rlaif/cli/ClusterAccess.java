package rlaif.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.cluster.EmbeddedCluster;
import rlaif.topics.Connection;
import rlaif.topics.Layout;
import rlaif.topics.Reachability;

/// The cluster and registry of a configuration: the ones it names, or the embedded ones, started on
/// the data directory.
final class ClusterAccess implements AutoCloseable {
    private final ClusterSettings settings;
    private final Configuration configuration;
    private final Optional<EmbeddedCluster> embedded;
    private final Connection connection;

    private ClusterAccess(
            ClusterSettings settings,
            Configuration configuration,
            Optional<EmbeddedCluster> embedded,
            Connection connection) {
        this.settings = settings;
        this.configuration = configuration;
        this.embedded = embedded;
        this.connection = connection;
    }

    static ClusterAccess open(
            Configuration configuration, boolean verbose, Consumer<String> progress) {
        return open(configuration, ClusterSettings.of(configuration), verbose, progress);
    }

    /// @param settings of this configuration
    static ClusterAccess open(
            Configuration configuration,
            ClusterSettings settings,
            boolean verbose,
            Consumer<String> progress) {
        Path data = settings.data();
        try {
            Files.createDirectories(data.resolve("logs"));
        } catch (IOException unwritable) {
            throw new Failure(
                    ExitCode.DEPENDENCY,
                    "cannot write the data directory " + data + ": " + unwritable.getMessage());
        }
        Logs.into(data.resolve("logs"), verbose, progress);
        if (settings.namesServers()) {
            Reachability.require(settings.connection());
            return new ClusterAccess(
                    settings, configuration, Optional.empty(), settings.connection());
        }
        EmbeddedCluster cluster = EmbeddedCluster.start(data, settings.ports(), progress);
        return new ClusterAccess(
                settings,
                configuration,
                Optional.of(cluster),
                settings.connectionTo(cluster.bootstrapServers(), cluster.registryUrl()));
    }

    static Path dataDirectory(Configuration configuration) {
        return configuration.path(Key.DATA_DIR).toAbsolutePath().normalize();
    }

    Connection connection() {
        return connection;
    }

    Layout layout(Admin admin) {
        return embedded.isPresent()
                ? Layout.EMBEDDED
                : ClusterLayout.of(configuration, settings, connection, admin);
    }

    @Override
    public void close() {
        embedded.ifPresent(EmbeddedCluster::close);
    }
}
