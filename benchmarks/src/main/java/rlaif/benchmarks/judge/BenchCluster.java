package rlaif.benchmarks.judge;

import java.util.concurrent.ExecutionException;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.BenchTopics;
import rlaif.cluster.EmbeddedCluster;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;

/// A cluster of its own for one measurement, with topics and the shipped constitution in force.
final class BenchCluster implements AutoCloseable {
    private final EmbeddedCluster cluster;
    private final Connection connection;
    private final Codecs codecs;

    BenchCluster(Bench bench) throws ExecutionException, InterruptedException {
        cluster = EmbeddedCluster.start(bench.folder().resolve("cluster"), bench.progress());
        connection = Connection.to(cluster.bootstrapServers(), cluster.registryUrl());
        codecs = new Codecs(connection);
        BenchTopics.make(connection, codecs);
    }

    Connection connection() {
        return connection;
    }

    Codecs codecs() {
        return codecs;
    }

    @Override
    public void close() {
        codecs.close();
        cluster.close();
    }
}
