package rlaif.topics;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/// A reader's position that its topic no longer holds: going on would skip records unseen.
public final class PositionLostException extends RuntimeException {
    public PositionLostException(String message) {
        super(message);
    }

    private PositionLostException(String message, Throwable cause) {
        super(message, cause);
    }

    /// Names the offsets that are gone, after `reader.poll` refused with `refusal`.
    public static PositionLostException of(
            String group, Consumer<?, ?> reader, InvalidOffsetException refusal) {
        if (!(refusal instanceof OffsetOutOfRangeException outOfRange)) {
            return new PositionLostException(
                    "%s has no position in %s; it had none committed, or it expired"
                            .formatted(group, refusal.partitions()),
                    refusal);
        }
        Map<TopicPartition, Long> positions = outOfRange.offsetOutOfRangePartitions();
        Map<TopicPartition, Long> starts = reader.beginningOffsets(positions.keySet());
        Map<TopicPartition, Long> ends = reader.endOffsets(positions.keySet());
        Map<String, String> gone = new TreeMap<>();
        positions.forEach((partition, position) ->
                gone.put(
                        partition.toString(),
                        gone(
                                position,
                                starts.getOrDefault(partition, 0L),
                                ends.getOrDefault(partition, 0L))));
        return new PositionLostException(
                gone.entrySet().stream()
                        .map(e -> e.getKey() + ": " + e.getValue())
                        .collect(
                                Collectors.joining(
                                        "; ", group + " cannot go on where it stopped. ", "")),
                refusal);
    }

    private static String gone(long position, long start, long end) {
        return position < start
                ? "offsets %d to %d were deleted before they were read (the log starts at %d)"
                        .formatted(position, start - 1, start)
                : "offset %d lies beyond the end of the log, %d (was the topic made anew?)"
                        .formatted(position, end);
    }
}
