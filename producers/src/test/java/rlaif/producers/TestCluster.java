package rlaif.producers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import rlaif.cluster.EmbeddedCluster;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Layout;
import rlaif.topics.Topic;
import rlaif.topics.TopicPlan;

/// An embedded cluster with all topics, and what a test reads and writes on it.
final class TestCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final EmbeddedCluster cluster;

    TestCluster(Path folder) {
        cluster = EmbeddedCluster.start(folder, _ -> {});
    }

    /// A connection to topics of its own, so that tests do not meet.
    Connection connection(String prefix) {
        return new Connection(
                Map.of(
                        "kafka.bootstrap.servers",
                        cluster.bootstrapServers(),
                        "schema.registry.url",
                        cluster.registryUrl()),
                prefix);
    }

    Connection withTopics(String prefix) {
        Connection connection = connection(prefix);
        try (Admin admin = connection.openAdmin()) {
            TopicPlan.compare(admin, connection, Layout.EMBEDDED).apply();
        }
        return connection;
    }

    /// Every committed record of a topic, partition after partition.
    static List<ConsumerRecord<byte[], byte[]>> read(Connection connection, String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = connection.openConsumer(Map.of())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    static <T extends SpecificRecord> List<T> read(
            Connection connection, Codecs codecs, Topic topic) {
        return read(connection, connection.name(topic)).stream()
                .map(record -> codecs.<T>codec(topic).decode(record.value()))
                .toList();
    }

    static void write(Connection connection, List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer = connection.openProducer(Map.of())) {
            records.forEach(record -> {
                var _ = producer.send(record);
            });
            producer.flush();
        }
    }

    /// Waits for what must come; fails naming it.
    static void await(String what, BooleanSupplier comes) {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!comes.getAsBoolean()) {
            if (System.nanoTime() > deadlineNanos) {
                throw new AssertionError("did not come within " + PATIENCE + ": " + what);
            }
            try {
                Thread.sleep(150);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
