package rlaif.processors;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/// Partitions whose records are to wait in their topic, as the tasks of an application say; safe
/// for many threads.
final class Intake {
    /// Bytes of a task's outstanding records from which no more are fetched.
    static final long HOLD_FROM_BYTES = 16L << 20;

    private final Set<TopicPartition> held = ConcurrentHashMap.newKeySet();

    void hold(TopicPartition partition, boolean isHeld) {
        if (isHeld) {
            held.add(partition);
        } else {
            held.remove(partition);
        }
    }

    /// How much Kafka Streams fetches ahead: a quarter of what may be outstanding in its buffer, a
    /// quarter in the poll that overfills it. What was fetched when a task begins to hold back at
    /// half of it fits in below the most.
    static Map<String, Object> limits(int maxOutstanding) {
        int quarter = maxOutstanding / 4;
        return Map.of(
                "buffered.records.per.partition",
                quarter,
                "main.consumer.max.poll.records",
                quarter);
    }

    boolean holds(TopicPartition partition) {
        return held.contains(partition);
    }
}
