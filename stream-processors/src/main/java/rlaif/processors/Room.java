package rlaif.processors;

import java.util.Map;
import rlaif.judging.JudgeCalls;

/// How much one task may have outstanding.
///
/// @param most records
record Room(int most) {
    /// Records for each call in flight: enough that completions find the next one waiting.
    private static final int RECORDS_PER_CALL = 4;

    private static final int FEWEST = 16;
    private static final long HOLD_FROM_BYTES = 16L << 20;

    /// Room for calls made like this.
    static Room of(JudgeCalls.Settings calls) {
        return new Room(Math.max(FEWEST, RECORDS_PER_CALL * calls.maxInFlight()));
    }

    /// Outstanding records from which no more are fetched; what has been fetched by then fits in
    /// below the most.
    int holdFrom() {
        return most / 2;
    }

    /// How much Kafka Streams fetches ahead: a quarter of what may be outstanding in its buffer, a
    /// quarter in the poll that overfills it.
    Map<String, Object> fetchedAhead() {
        int quarter = most / 4;
        return Map.of(
                "buffered.records.per.partition",
                quarter,
                "main.consumer.max.poll.records",
                quarter);
    }

    boolean isFull(Outstanding<?, ?> outstanding) {
        return outstanding.records() >= most;
    }

    /// Whether no more records are to be fetched.
    boolean isScarce(Outstanding<?, ?> outstanding) {
        return outstanding.records() >= holdFrom() || outstanding.bytes() >= HOLD_FROM_BYTES;
    }
}
