package rlaif.processors;

import java.time.Duration;

/// A window of event time.
///
/// @param startMillis since 1970 UTC, inclusive
/// @param endMillis exclusive
record WindowTime(long startMillis, long endMillis) {
    /// The one that holds a time; windows begin at multiples of their length.
    static WindowTime of(long atMillis, Duration length) {
        long start = Math.floorDiv(atMillis, length.toMillis()) * length.toMillis();
        return new WindowTime(start, start + length.toMillis());
    }

    double seconds() {
        return (endMillis - startMillis) / 1e3;
    }

    /// Whether no judgment is counted in it any more.
    boolean isOver(long streamMillis, Duration grace) {
        return endMillis + grace.toMillis() <= streamMillis;
    }
}
