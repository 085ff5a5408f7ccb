package rlaif.benchmarks;

import java.util.concurrent.ExecutionException;
import rlaif.cluster.EmbeddedCluster;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;

/// A cluster of its own for one measurement, with topics and the shipped constitution in force.
public final class BenchCluster implements AutoCloseable {
    private final EmbeddedCluster cluster;
    private final Connection connection;
    private final Codecs codecs;

    public BenchCluster(Bench bench) throws ExecutionException, InterruptedException {
        cluster = EmbeddedCluster.start(bench.folder().resolve("cluster"), bench.progress());
        connection = Connection.to(cluster.bootstrapServers(), cluster.registryUrl());
        codecs = new Codecs(connection);
        BenchTopics.make(connection, codecs);
    }

    /// To its broker and registry.
    public Connection connection() {
        return connection;
    }

    /// Of its topics.
    public Codecs codecs() {
        return codecs;
    }

    @Override
    public void close() {
        codecs.close();
        cluster.close();
    }
}
