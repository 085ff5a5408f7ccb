package rlaif.processors;

import java.time.Duration;
import java.util.Arrays;

/// How far event time has come: to the least of the latest times that came from each source
/// partition, so that none that is read ahead of the others makes them late.
///
/// A partition from which nothing came for as long as the idle bound, by the clock, holds nothing
/// back; where nothing came from any, the clock itself is the time. Owned by one task.
final class StreamTime {
    private final Duration idle;
    private final long[] latestMillis; // event time, by source partition; 0: nothing came yet
    private final long[] cameMillis; // by the clock, when something last came
    private long millis;

    /// @param kept of a former life, as {@link #kept} gave it; empty: there was none
    /// @param sources partitions, at least 1
    StreamTime(long[] kept, int sources, Duration idle, long nowMillis) {
        this.idle = idle;
        this.millis = kept.length == 0 ? 0 : kept[0];
        this.latestMillis =
                kept.length == 0
                        ? new long[sources]
                        : Arrays.copyOfRange(kept, 1, Math.max(kept.length, sources + 1));
        this.cameMillis = new long[latestMillis.length];
        Arrays.fill(cameMillis, nowMillis);
    }

    /// What goes on from here in another life: the time, then the latest of each source.
    long[] kept() {
        long[] kept = new long[latestMillis.length + 1];
        kept[0] = millis;
        System.arraycopy(latestMillis, 0, kept, 1, latestMillis.length);
        return kept;
    }

    /// Never goes back.
    long millis() {
        return millis;
    }

    /// Takes in what came from a source, by its event time.
    void came(int source, long atMillis, long nowMillis) {
        latestMillis[source] = Math.max(latestMillis[source], atMillis);
        cameMillis[source] = nowMillis;
        advance(nowMillis);
    }

    /// Goes as far as the sources allow that are not idle.
    void advance(long nowMillis) {
        long least = Long.MAX_VALUE;
        for (int source = 0; source < latestMillis.length; source++) {
            if (!isIdle(source, nowMillis)) {
                least = Math.min(least, latestMillis[source]);
            }
        }
        millis = Math.max(millis, least == Long.MAX_VALUE ? nowMillis : least);
    }

    private boolean isIdle(int source, long nowMillis) {
        return nowMillis > cameMillis[source] && nowMillis - cameMillis[source] >= idle.toMillis();
    }
}
