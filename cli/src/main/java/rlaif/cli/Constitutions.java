package rlaif.cli;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import rlaif.events.Constitution;
import rlaif.processors.ConstitutionRecords;
import rlaif.topics.Codec;
import rlaif.topics.Topic;

/// The constitutions on the stream: each version once, and which one is active.
final class Constitutions {
    private Constitutions() {}

    /// Publishes and activates a constitution, as far as that is not done.
    static void publishMissing(Deployment deployment, rlaif.judging.Constitution constitution) {
        Codec<Constitution> codec = deployment.codecs().codec(Topic.CONSTITUTIONS);
        Map<String, Constitution> newest = read(deployment, codec);
        Constitution record = ConstitutionRecords.toRecord(constitution);
        byte[] published = ConstitutionRecords.publishedKey(constitution);
        byte[] active = ConstitutionRecords.activeKey(constitution.id());
        Constitution same = newest.get(text(published));
        if (same != null && !same.equals(record)) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "constitution "
                            + text(published)
                            + " is already published with other principles: a version never"
                            + " changes, give the new text the next version");
        }
        boolean isActive = record.equals(newest.get(text(active)));
        if (same == null || !isActive) {
            write(
                    deployment,
                    same == null ? List.of(published, active) : List.of(active),
                    codec.encode(record));
        }
    }

    private static void write(Deployment deployment, List<byte[]> keys, byte[] value) {
        String topic = deployment.connection().name(Topic.CONSTITUTIONS);
        Map<String, Object> transactional =
                Map.of("transactional.id", deployment.connection().group("constitutions"));
        try (Producer<byte[], byte[]> producer =
                deployment.connection().openProducer(transactional)) {
            producer.initTransactions();
            producer.beginTransaction();
            for (byte[] key : keys) {
                // A failure to send fails the commit.
                var _ = producer.send(new ProducerRecord<>(topic, key, value));
            }
            producer.commitTransaction();
        }
    }

    /// The newest record of each key.
    private static Map<String, Constitution> read(
            Deployment deployment, Codec<Constitution> codec) {
        Map<String, Constitution> newest = new HashMap<>();
        TopicPartition partition =
                new TopicPartition(deployment.connection().name(Topic.CONSTITUTIONS), 0);
        try (Consumer<byte[], byte[]> consumer = deployment.connection().openConsumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).values().iterator().next();
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(200))) {
                    newest.put(text(record.key()), codec.decode(record.value()));
                }
            }
        }
        return newest;
    }

    private static String text(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }
}
