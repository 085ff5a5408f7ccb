package rlaif.trainers.loop;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import rlaif.events.Checkpoint;

/// The committed positions of a trainer's group in its topic.
///
/// @param offsets by partition
/// @param note empty: the start of the log, or committed by somebody else
record GroupPositions(SortedMap<Integer, Long> offsets, Optional<PositionNote> note) {

    static GroupPositions of(Map<TopicPartition, OffsetAndMetadata> committed) {
        SortedMap<Integer, Long> offsets = new TreeMap<>();
        committed.forEach(
                (partition, position) -> offsets.put(partition.partition(), position.offset()));
        return new GroupPositions(
                offsets,
                committed.values().stream()
                        .map(OffsetAndMetadata::metadata)
                        .reduce((one, other) -> one.equals(other) ? one : "")
                        .flatMap(PositionNote::of));
    }

    /// Refuses positions that another policy's trainer has committed.
    void requireOf(String policy, String group) {
        note.map(PositionNote::policy)
                .filter(other -> !other.equals(policy))
                .ifPresent(other -> {
                    throw new SecondPolicyException(
                            policy, other, "group %s has gone on with".formatted(group));
                });
    }

    /// Whether they were committed by the trainer of `head`, without a version after it.
    boolean passedOverSince(Checkpoint head) {
        return note.filter(mine -> mine.policy().equals(head.getPolicy()))
                .filter(mine -> mine.version() <= head.getVersion())
                .isPresent();
    }
}
