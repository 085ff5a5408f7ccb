package rlaif.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import rlaif.judging.Constitution;
import rlaif.processors.ConstitutionRecords;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Layout;
import rlaif.topics.Topic;
import rlaif.topics.TopicPlan;

/// The topics of a benchmark on an embedded cluster, with the shipped constitution in force.
public final class BenchTopics {
    private BenchTopics() {}

    /// Makes them.
    public static void make(Connection connection, Codecs codecs)
            throws ExecutionException, InterruptedException {
        try (Admin admin = connection.openAdmin()) {
            TopicPlan.compare(admin, connection, Layout.EMBEDDED).apply();
        }
        Constitution constitution = Constitution.shipped();
        byte[] value =
                codecs.<rlaif.events.Constitution>codec(Topic.CONSTITUTIONS)
                        .encode(ConstitutionRecords.toRecord(constitution));
        try (Producer<byte[], byte[]> producer = connection.openProducer(Map.of())) {
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
}
