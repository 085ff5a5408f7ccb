package rlaif.monitor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import rlaif.topics.ClusterUnreachableException;
import rlaif.topics.Connection;

/// One reading of topics from their start to where they end now, committed records only.
///
/// A transaction that is open at the end is waited for, so that what it commits is read or known
/// not to come.
final class TopicReading implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    /// Longest wait for one more record: an open transaction is decided within its timeout of one
    /// minute.
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;

    TopicReading(Connection connection) {
        this.admin = connection.openAdmin();
        this.consumer = connection.openReader();
    }

    Admin admin() {
        return admin;
    }

    /// A member of no group.
    KafkaConsumer<byte[], byte[]> consumer() {
        return consumer;
    }

    /// Partitions of `topics` in order of topic, then partition; a topic that does not exist has
    /// none.
    List<TopicPartition> partitions(Collection<String> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        admin.describeTopics(topics)
                .topicNameValues()
                .forEach((topic, description) -> {
                    try {
                        description
                                .get()
                                .partitions()
                                .forEach(p ->
                                        partitions.add(new TopicPartition(topic, p.partition())));
                    } catch (ExecutionException e) {
                        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                            throw failed("to describe " + topic, e);
                        }
                    } catch (InterruptedException e) {
                        throw interrupted(e);
                    }
                });
        return partitions;
    }

    /// Where `partitions` end, open transactions included.
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        answer("where topics end", admin.listOffsets(latest).all())
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /// Gives every record of `topic` up to its end now, in offset order within a partition,
    /// partition after partition where `inOrder`.
    void read(String topic, boolean inOrder, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        List<TopicPartition> partitions = partitions(List.of(topic));
        Map<TopicPartition, Long> ends = ends(partitions);
        if (inOrder) {
            partitions.forEach(partition -> read(List.of(partition), ends, reader));
        } else {
            read(partitions, ends, reader);
        }
    }

    private void read(
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> ends,
            Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        List<TopicPartition> open = new ArrayList<>(partitions);
        long progressNanos = System.nanoTime();
        open.removeIf(partition -> isRead(partition, ends));
        while (!open.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < ends.getOrDefault(partition, 0L)) {
                    reader.accept(record);
                    progressNanos = System.nanoTime();
                }
            }
            open.removeIf(partition -> isRead(partition, ends));
            consumer.pause(partitions.stream().filter(p -> !open.contains(p)).toList());
            if (System.nanoTime() - progressNanos > PATIENCE.toNanos()) {
                throw new ClusterUnreachableException(
                        "%s gave no record for %d s before their ends %s: a transaction stays open or the broker does not answer"
                                .formatted(open, PATIENCE.toSeconds(), ends),
                        new IllegalStateException("no progress"));
            }
        }
    }

    private boolean isRead(TopicPartition partition, Map<TopicPartition, Long> ends) {
        return consumer.position(partition) >= ends.getOrDefault(partition, 0L);
    }

    static <T> T answer(String asked, KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw failed(asked, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static RuntimeException failed(String asked, ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new ClusterUnreachableException(
                "the cluster was asked %s: %s".formatted(asked, cause.getMessage()), cause);
    }

    private static RuntimeException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while reading topics", e);
    }

    @Override
    public void close() {
        consumer.close();
        admin.close();
    }
}
