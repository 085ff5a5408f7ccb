package rlaif.processors;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/// Partitions whose records are to wait in their topic, as the tasks of an application say; safe
/// for many threads.
final class Intake {
    private final Set<TopicPartition> held = ConcurrentHashMap.newKeySet();

    void hold(TopicPartition partition, boolean isHeld) {
        if (isHeld) {
            held.add(partition);
        } else {
            held.remove(partition);
        }
    }

    boolean holds(TopicPartition partition) {
        return held.contains(partition);
    }
}
