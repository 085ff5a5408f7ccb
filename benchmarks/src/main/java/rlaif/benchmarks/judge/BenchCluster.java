package rlaif.benchmarks.judge;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import rlaif.benchmarks.Bench;
import rlaif.cluster.EmbeddedCluster;
import rlaif.judging.Constitution;
import rlaif.processors.ConstitutionRecords;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Layout;
import rlaif.topics.Topic;
import rlaif.topics.TopicPlan;

/// A cluster of its own for one measurement, with topics and the shipped constitution in force.
final class BenchCluster implements AutoCloseable {
    private final EmbeddedCluster cluster;
    private final Connection connection;
    private final Codecs codecs;

    BenchCluster(Bench bench) throws ExecutionException, InterruptedException {
        cluster = EmbeddedCluster.start(bench.folder().resolve("cluster"), bench.progress());
        connection = Connection.to(cluster.bootstrapServers(), cluster.registryUrl());
        codecs = new Codecs(connection);
        try (Admin admin = connection.openAdmin()) {
            TopicPlan.compare(admin, connection, Layout.EMBEDDED).apply();
        }
        publish(Constitution.shipped());
    }

    private void publish(Constitution constitution)
            throws ExecutionException, InterruptedException {
        byte[] value =
                codecs.<rlaif.events.Constitution>codec(Topic.CONSTITUTIONS)
                        .encode(ConstitutionRecords.toRecord(constitution));
        try (KafkaProducer<byte[], byte[]> producer = connection.openProducer(Map.of())) {
            for (byte[] key :
                    List.of(
                            ConstitutionRecords.publishedKey(constitution),
                            ConstitutionRecords.activeKey(constitution.id()))) {
                producer.send(
                                new ProducerRecord<>(
                                        connection.name(Topic.CONSTITUTIONS), key, value))
                        .get();
            }
        }
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
