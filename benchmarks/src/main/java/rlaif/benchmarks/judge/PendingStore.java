package rlaif.benchmarks.judge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import rlaif.topics.Connection;

/// The pending pairs of a judge stage, read from their changelog.
final class PendingStore {
    private PendingStore() {}

    /// Entries that were put and not removed as of now.
    static long liveEntries(Connection connection) {
        String topic = connection.group("judge") + "-judging-pending-changelog";
        Set<Bytes> live = new HashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer = connection.openConsumer(Map.of())) {
            List<TopicPartition> partitions = new ArrayList<>();
            consumer.partitionsFor(topic)
                    .forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(200))) {
                    if (record.value() == null) {
                        live.remove(Bytes.wrap(record.key()));
                    } else {
                        live.add(Bytes.wrap(record.key()));
                    }
                }
            }
        }
        return live.size();
    }
}
