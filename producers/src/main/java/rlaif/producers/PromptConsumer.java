package rlaif.producers;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import rlaif.topics.PositionLostException;

/// A worker's consumer of prompts: it stays a member while it waits, and knows when partitions have
/// gone to another.
///
/// Owned by the thread that polls.
final class PromptConsumer implements ConsumerRebalanceListener {
    /// Longest between two polls before the group gives the prompts to another worker.
    private static final Duration LONGEST_BETWEEN_POLLS = Duration.ofMinutes(10);

    private final Consumer<byte[], byte[]> consumer;
    private boolean waiting;
    private boolean revoked;

    PromptConsumer(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /// How the consumer is opened.
    static Map<String, Object> settings(String group, String memberId, int recordsAtOnce) {
        return Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                group,
                ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                memberId,
                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                "classic",
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName(),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                10_000,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                2_000,
                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                (int) LONGEST_BETWEEN_POLLS.toMillis(),
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                recordsAtOnce);
    }

    ConsumerGroupMetadata member() {
        return consumer.groupMetadata();
    }

    /// Prompts to sample; none while `wait`, in which it stays a member of the group.
    ConsumerRecords<byte[], byte[]> poll(boolean wait, Duration longest) {
        waiting = wait;
        if (wait) {
            consumer.pause(consumer.assignment());
        } else {
            consumer.resume(consumer.paused());
        }
        try {
            return consumer.poll(longest);
        } catch (InvalidOffsetException e) {
            throw PositionLostException.of(consumer.groupMetadata().groupId(), consumer, e);
        }
    }

    /// Whether partitions have gone since this was last asked: another worker begins with them
    /// where the group has committed.
    boolean hasLostSome() {
        boolean lost = revoked;
        revoked = false;
        return lost;
    }

    /// Goes on from what the group has committed, on those of `drawn` that are still this worker's:
    /// before what was drawn from them, or after it where it was committed unnoticed.
    void backToCommitted(Set<TopicPartition> drawn) {
        Set<TopicPartition> own = new HashSet<>(drawn);
        own.retainAll(consumer.assignment());
        consumer.committed(own)
                .forEach((partition, committed) -> consumer.seek(partition, committed.offset()));
    }

    /// Keeps partitions that arrive while the worker waits from giving records.
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (waiting) {
            consumer.pause(partitions);
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        revoked |= !partitions.isEmpty();
    }
}
