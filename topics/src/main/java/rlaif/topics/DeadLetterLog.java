package rlaif.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// The letters that wait in `.dlq` topics: read twice from the same end, the marks first, so that
/// what was sent back or purged is left out and memory grows with the marks alone.
public final class DeadLetterLog implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    /// Longest wait for one more record: an open transaction is decided within its timeout.
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Connection connection;
    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;

    public DeadLetterLog(Connection connection) {
        this.connection = connection;
        this.admin = connection.openAdmin();
        this.consumer = connection.openReader();
    }

    /// Gives the letters of some topics, partition by partition, in their order.
    ///
    /// @param retried takes the marks of letters that were sent back
    public void read(
            Collection<Topic> sources, Consumer<DeadLetter> letters, Consumer<DeadLetter> retried) {
        for (Topic source : sources) {
            for (TopicPartition partition : partitions(source)) {
                read(source, partition, letters, retried);
            }
        }
    }

    /// The same for one partition of a `.dlq` topic.
    void read(
            Topic source,
            TopicPartition partition,
            Consumer<DeadLetter> letters,
            Consumer<DeadLetter> retried) {
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        Set<Long> replaced = new HashSet<>();
        each(
                partition,
                end,
                (_, record) -> {
                    OptionalLong offset = DeadLetters.replaced(record.headers());
                    offset.ifPresent(replaced::add);
                });
        each(
                partition,
                end,
                (_, record) -> {
                    DeadLetter letter = new DeadLetter(source, record);
                    if (DeadLetters.isRetriedMark(record.headers())) {
                        retried.accept(letter);
                    } else if (!replaced.contains(record.offset())) {
                        letters.accept(letter);
                    }
                });
    }

    private void each(
            TopicPartition partition,
            long end,
            BiConsumer<TopicPartition, ConsumerRecord<byte[], byte[]>> reader) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long progress = System.nanoTime();
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                progress = System.nanoTime();
                if (record.offset() < end) {
                    reader.accept(partition, record);
                }
            }
            if (System.nanoTime() - progress > PATIENCE.toNanos()) {
                throw new ClusterUnreachableException(
                        "%s gave no record for %d s before its end %d: a transaction stays open or the broker does not answer"
                                .formatted(partition, PATIENCE.toSeconds(), end),
                        new IllegalStateException("no progress"));
            }
        }
    }

    /// Partitions of the `.dlq` topic of a topic; none where it does not exist.
    List<TopicPartition> partitions(Topic source) {
        String name = connection.deadLetters(source);
        try {
            TopicDescription description =
                    Answers.of(
                                    admin.describeTopics(List.of(name)).allTopicNames(),
                                    "to describe " + name)
                            .get(name);
            return description == null
                    ? List.of()
                    : new ArrayList<>(StartPositions.partitions(description));
        } catch (UnknownTopicOrPartitionException absent) {
            return List.of();
        }
    }

    /// Where a partition begins; 0 where there is no such partition any more.
    long start(TopicPartition partition) {
        return consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    Admin admin() {
        return admin;
    }

    @Override
    public void close() {
        consumer.close();
        admin.close();
    }
}
