package rlaif.monitor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;

/// The dead letters that wait, counted while their partitions are read in order: without those that
/// a later mark says were sent back or purged. Memory grows with accounts of purged letters alone.
final class WaitingLetters {
    private final Tally tally;
    private final Map<Place, Seen> partitions = new HashMap<>();

    private record Place(Topic source, int partition) {}

    /// What was read of a partition.
    ///
    /// @param first offset of the first record; letters before it were deleted and never counted
    /// @param marks offsets of marks with a code, which are no letters
    private record Seen(long first, Set<Long> marks) {}

    WaitingLetters(Tally tally) {
        this.tally = tally;
    }

    /// Takes the next record of a `.dlq` topic.
    void take(Topic source, ConsumerRecord<byte[], byte[]> record) {
        Seen seen =
                partitions.computeIfAbsent(
                        new Place(source, record.partition()),
                        _ -> new Seen(record.offset(), new HashSet<>()));
        OptionalLong replaced = DeadLetters.replaced(record.headers());
        if (replaced.isEmpty()) {
            tally.deadLetter(source, code(record));
            return;
        }
        if (!DeadLetters.isRetriedMark(record.headers())) {
            seen.marks().add(record.offset()); // an account, which may be purged itself
        }
        if (replaced.getAsLong() >= seen.first() && !seen.marks().contains(replaced.getAsLong())) {
            tally.settledLetter(source, code(record));
        }
    }

    private static String code(ConsumerRecord<byte[], byte[]> letter) {
        String code = DeadLetters.text(letter.headers(), DeadLetters.CODE_HEADER);
        return code.isEmpty() ? "UNKNOWN" : code;
    }
}
