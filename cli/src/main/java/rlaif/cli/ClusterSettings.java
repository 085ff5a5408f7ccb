package rlaif.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.cluster.Ports;
import rlaif.topics.Connection;

/// Which cluster and registry are used, where data lies and how topics are spread, read from the
/// configuration.
///
/// @param connection as it is configured; without servers: the embedded ones are to be started
/// @param ports of the embedded ones
/// @param partitions of a record topic, where the cluster is not the embedded one
/// @param replication replicas of each, likewise
/// @param data folder of the embedded ones and of state
record ClusterSettings(
        Connection connection, Ports ports, int partitions, int replication, Path data) {
    private static final String BOOTSTRAP = "kafka.bootstrap.servers";
    private static final String REGISTRY = "schema.registry.url";
    private static final int HIGHEST_PORT = 65_535;

    static ClusterSettings of(Configuration configuration) {
        Map<String, String> given = configuration.passedThrough();
        if (given.containsKey(BOOTSTRAP) != given.containsKey(REGISTRY)) {
            boolean broker = given.containsKey(BOOTSTRAP);
            throw new ConfigurationException(
                    "%s is not set and %s is: set both for a cluster of yours, or neither for the embedded one"
                            .formatted(
                                    broker ? REGISTRY : BOOTSTRAP, broker ? BOOTSTRAP : REGISTRY));
        }
        for (String name : List.of(BOOTSTRAP, REGISTRY)) {
            if (given.getOrDefault(name, name).isBlank()) {
                throw new ConfigurationException(
                        name
                                + " is empty: name a cluster of yours, or leave it out for the embedded one");
            }
        }
        String prefix = configuration.text(Key.TOPICS_PREFIX);
        if (!Connection.isPrefix(prefix)) {
            throw configuration.wrong(
                    Key.TOPICS_PREFIX, "made of letters, digits, `_`, `-` and inner dots");
        }
        return Roles.checked(() ->
                new ClusterSettings(
                        new Connection(given, prefix),
                        new Ports(
                                configuration.whole(Key.CLUSTER_PORT, 0, HIGHEST_PORT),
                                configuration.whole(Key.CLUSTER_REGISTRY_PORT, 0, HIGHEST_PORT)),
                        configuration.whole(Key.TOPICS_PARTITIONS, 1),
                        configuration.whole(Key.TOPICS_REPLICATION, 1, Short.MAX_VALUE),
                        ClusterAccess.dataDirectory(configuration)));
    }

    /// Whether the servers are named, so that none are started.
    boolean namesServers() {
        return connection.settings().containsKey(BOOTSTRAP);
    }

    /// The same with these servers.
    Connection connectionTo(String bootstrapServers, String registryUrl) {
        Map<String, String> settings = new TreeMap<>(connection.settings());
        settings.put(BOOTSTRAP, bootstrapServers);
        settings.put(REGISTRY, registryUrl);
        return new Connection(settings, connection.prefix());
    }
}
