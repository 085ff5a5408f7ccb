package rlaif.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.cluster.EmbeddedCluster;
import rlaif.cluster.Ports;
import rlaif.topics.Connection;
import rlaif.topics.Layout;
import rlaif.topics.Reachability;

/// The cluster and registry of a configuration: the ones it names, or the embedded ones, started on
/// the data directory.
final class ClusterAccess implements AutoCloseable {
    private static final String BOOTSTRAP = "kafka.bootstrap.servers";
    private static final String REGISTRY = "schema.registry.url";

    private final Configuration configuration;
    private final Optional<EmbeddedCluster> embedded;
    private final Connection connection;

    private ClusterAccess(
            Configuration configuration,
            Optional<EmbeddedCluster> embedded,
            Connection connection) {
        this.configuration = configuration;
        this.embedded = embedded;
        this.connection = connection;
    }

    static ClusterAccess open(
            Configuration configuration, boolean verbose, Consumer<String> progress) {
        Path data = dataDirectory(configuration);
        try {
            Files.createDirectories(data.resolve("logs"));
        } catch (IOException unwritable) {
            throw new Failure(
                    ExitCode.DEPENDENCY,
                    "cannot write the data directory " + data + ": " + unwritable.getMessage());
        }
        Logs.into(data.resolve("logs"), verbose, progress);
        Map<String, String> given = configuration.passedThrough();
        if (given.containsKey(BOOTSTRAP) != given.containsKey(REGISTRY)) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    (given.containsKey(BOOTSTRAP) ? REGISTRY : BOOTSTRAP)
                            + " is not set and "
                            + (given.containsKey(BOOTSTRAP) ? BOOTSTRAP : REGISTRY)
                            + " is: set both for a cluster of yours, or neither for the embedded one");
        }
        String prefix = configuration.text(Key.TOPICS_PREFIX);
        if (given.containsKey(BOOTSTRAP)) {
            Connection connection = Roles.checked(() -> new Connection(given, prefix));
            Reachability.require(connection);
            return new ClusterAccess(configuration, Optional.empty(), connection);
        }
        EmbeddedCluster cluster = EmbeddedCluster.start(data, ports(configuration), progress);
        Map<String, String> settings = new TreeMap<>(given);
        settings.put(BOOTSTRAP, cluster.bootstrapServers());
        settings.put(REGISTRY, cluster.registryUrl());
        return new ClusterAccess(
                configuration,
                Optional.of(cluster),
                Roles.checked(() -> new Connection(settings, prefix)));
    }

    private static Ports ports(Configuration configuration) {
        return Roles.checked(() ->
                new Ports(
                        configuration.whole(Key.CLUSTER_PORT, 0),
                        configuration.whole(Key.CLUSTER_REGISTRY_PORT, 0)));
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
                : ClusterLayout.of(configuration, connection, admin);
    }

    @Override
    public void close() {
        embedded.ifPresent(EmbeddedCluster::close);
    }
}
