package rlaif.cli;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import rlaif.events.Constitution;
import rlaif.events.Principle;
import rlaif.topics.Codec;
import rlaif.topics.Topic;

/// The constitutions on the stream: each version once, and which one is active.
final class Constitutions {
    private static final String ACTIVE = "/active";

    private Constitutions() {}

    /// Publishes and activates a constitution, as far as that is not done.
    static void publishMissing(Deployment deployment, rlaif.judging.Constitution constitution) {
        Codec<Constitution> codec = deployment.codecs().codec(Topic.CONSTITUTIONS);
        Map<String, Constitution> published = read(deployment, codec);
        Constitution record = record(constitution);
        String version = constitution.id() + "/" + constitution.version();
        String active = constitution.id() + ACTIVE;
        Optional<Constitution> same = Optional.ofNullable(published.get(version));
        if (same.isPresent() && !same.get().equals(record)) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "constitution "
                            + version
                            + " is already published with other principles: a version never changes,"
                            + " give the new text the next version");
        }
        boolean isActive = record.equals(published.get(active));
        if (same.isPresent() && isActive) {
            return;
        }
        try (Producer<byte[], byte[]> producer =
                deployment
                        .connection()
                        .openProducer(
                                Map.of(
                                        "transactional.id",
                                        deployment.connection().group("constitutions")))) {
            producer.initTransactions();
            producer.beginTransaction();
            byte[] value = codec.encode(record);
            List<String> keys = same.isEmpty() ? List.of(version, active) : List.of(active);
            for (String key : keys) {
                var _ = producer.send(record(deployment, key, value)); // a failure fails the commit
            }
            producer.commitTransaction();
        }
    }

    private static ProducerRecord<byte[], byte[]> record(
            Deployment deployment, String key, byte[] value) {
        return new ProducerRecord<>(
                deployment.connection().name(Topic.CONSTITUTIONS),
                key.getBytes(StandardCharsets.UTF_8),
                value);
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
                    newest.put(
                            new String(record.key(), StandardCharsets.UTF_8),
                            codec.decode(record.value()));
                }
            }
        }
        return newest;
    }

    private static Constitution record(rlaif.judging.Constitution constitution) {
        List<Principle> principles =
                constitution.principles().stream()
                        .map(principle ->
                                Principle.newBuilder()
                                        .setId(principle.id())
                                        .setWeight(principle.weight())
                                        .setCompare(principle.compare())
                                        .setCritique(principle.critique())
                                        .setRevise(principle.revise())
                                        .build())
                        .collect(Collectors.toList());
        return Constitution.newBuilder()
                .setId(constitution.id())
                .setVersion(constitution.version())
                .setDescription(constitution.description())
                .setPrinciples(principles)
                .build();
    }
}
