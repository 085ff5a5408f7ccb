package rlaif.cluster;

import java.nio.file.Path;
import java.util.function.Consumer;

/// A one-broker Kafka cluster and a schema registry on one data directory, loopback only.
///
/// What was written survives a restart and kill -9.
public final class EmbeddedCluster implements AutoCloseable {
    private final DataDirectory data;
    private final RegistryServer registry;
    private final Broker broker;

    private EmbeddedCluster(DataDirectory data, RegistryServer registry, Broker broker) {
        this.data = data;
        this.registry = registry;
        this.broker = broker;
    }

    /// Starts on free ports.
    public static EmbeddedCluster start(Path dataDirectory, Consumer<String> progress) {
        return start(dataDirectory, Ports.FREE, progress);
    }

    /// Starts both servers at once; returns when both serve.
    ///
    /// @param progress takes a line for each thing that happens
    /// @throws DataDirectoryException when the directory is in use or of another version
    /// @throws ClusterStartException when a port is taken or a server does not start
    public static EmbeddedCluster start(
            Path dataDirectory, Ports ports, Consumer<String> progress) {
        DataDirectory data = DataDirectory.open(dataDirectory);
        RegistryServer registry = null;
        Broker broker = null;
        try {
            int brokerPort = Ports.claim("Kafka broker", ports.broker());
            progress.accept("starting the Kafka broker and the schema registry on " + data.root());
            registry = RegistryServer.launch(data, ports.registry());
            BrokerDeath.announce(data.kafka(), registry::signalStop);
            broker = Broker.start(data.kafka(), brokerPort);
            progress.accept("the Kafka broker serves at " + broker.bootstrapServers());
            registry.awaitReady();
            progress.accept("the schema registry serves at " + registry.url());
            return new EmbeddedCluster(data, registry, broker);
        } catch (RuntimeException e) {
            BrokerDeath.forget();
            if (broker != null) {
                broker.close();
            }
            if (registry != null) {
                registry.close();
            }
            data.close();
            throw e;
        }
    }

    /// `kafka.bootstrap.servers` of clients.
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /// `schema.registry.url` of clients.
    public String registryUrl() {
        return registry.url();
    }

    /// Stops both servers and releases the directory.
    @Override
    public void close() {
        registry.signalStop();
        BrokerDeath.forget();
        try {
            broker.close();
        } finally {
            try {
                registry.close();
            } finally {
                data.close();
            }
        }
    }
}
