package rlaif.trainers.loop;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// What one step consumes: examples in ascending order of partition, then offset, and everything
/// that was passed over on the way. Without examples it is what was passed over while no batch
/// could be cut.
///
/// @param dropped records passed over, by reason; held out and refused ones included
/// @param consumed offsets by partition
public record Batch<X>(
        List<X> examples,
        List<X> heldOut,
        List<RefusedRecord> refused,
        Map<String, Long> dropped,
        SortedMap<Integer, Offsets> consumed) {

    /// Reason under which held-out records are counted.
    public static final String HELD_OUT = "HELD_OUT";

    /// Reason under which records are counted that a later one had taken the place of.
    public static final String SUPERSEDED = "SUPERSEDED";

    /// Consecutive offsets of one partition.
    ///
    /// @param from first, inclusive
    /// @param to after the last, exclusive
    public record Offsets(long from, long to) {
        public Offsets {
            if (from < 0 || to < from) {
                throw new IllegalArgumentException(
                        "offsets must run from 0 upwards, got [%d, %d)".formatted(from, to));
            }
        }
    }

    /// A record that becomes a dead letter.
    public record RefusedRecord(ConsumerRecord<byte[], byte[]> source, Refusal refusal) {}
}
