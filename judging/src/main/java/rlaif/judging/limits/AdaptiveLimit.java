package rlaif.judging.limits;

import java.time.Duration;

/// How many calls may be under way at one endpoint: additive increase, multiplicative decrease
/// (AIMD, Chiu and Jain 1989).
///
/// Calls are counted in windows of a second, or of one call's time where that is longer. A window
/// whose refusals pass a fifth of its calls by more than chance explains cuts the limit once, to
/// what the endpoint served at a time, within 0.7 to 0.9 of what it was; then calls of before the
/// cut are let pass uncounted. A window that used the whole limit and was refused less raises it by
/// a 64th of the ceiling. So a tenth of random refusals changes nothing, and an endpoint that
/// refuses what goes beyond its means is asked for at most a quarter more than it serves.
///
/// Not safe for threads; time is given, in nanoseconds of any origin.
public final class AdaptiveLimit {
    /// What came of one call, as far as its endpoint's load is concerned.
    public enum Outcome {
        /// A reply, of whatever content.
        ANSWERED,
        /// A refusal for load, or no reply within the deadline.
        REFUSED,
        /// It broke for another reason.
        BROKEN
    }

    /// Share of a window's calls that may be refused.
    public static final double TOLERATED_SHARE = 0.2;

    private static final double DEVIATIONS = 3;
    private static final double LEAST_CUT = 0.9;
    private static final double MOST_CUT = 0.7;
    private static final int STEPS_TO_CEILING = 64;
    private static final int FEWEST_CALLS = 5;
    private static final int ENOUGH_CALLS = 20;
    private static final long SHORTEST_WINDOW = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_WINDOW = Duration.ofSeconds(10).toNanos();
    private static final double LATENCY_WEIGHT = 0.05;

    private final int ceiling;
    private int limit;
    private boolean begun;
    private long windowStart;
    private int calls;
    private int refused;
    private long servedNanos;
    private boolean full;
    private double meanLatencyNanos;

    /// @param ceiling most calls ever allowed, and the first limit, at least 1
    public AdaptiveLimit(int ceiling) {
        if (ceiling < 1) {
            throw new IllegalArgumentException("maxInFlight must be at least 1, got " + ceiling);
        }
        this.ceiling = ceiling;
        this.limit = ceiling;
    }

    /// Calls that may be under way now.
    public int limit() {
        return limit;
    }

    /// Whether the limit was cut and has not grown back.
    public boolean isCut() {
        return limit < ceiling;
    }

    /// How long an answer takes, smoothed.
    public Duration meanLatency() {
        return Duration.ofNanos((long) meanLatencyNanos);
    }

    /// Takes in the end of a call.
    ///
    /// @param inFlight calls under way when it ended, itself included
    /// @return whether the limit changed
    public boolean ended(long now, Duration took, Outcome outcome, int inFlight) {
        if (outcome == Outcome.ANSWERED) {
            long nanos = took.toNanos();
            meanLatencyNanos +=
                    (meanLatencyNanos == 0 ? 1 : LATENCY_WEIGHT) * (nanos - meanLatencyNanos);
        }
        if (!begun) {
            begun = true;
            windowStart = now;
        }
        if (now - windowStart < 0) {
            return false; // calls of before a cut end now
        }
        calls++;
        full |= inFlight >= limit;
        switch (outcome) {
            case ANSWERED -> servedNanos += took.toNanos();
            case REFUSED -> refused++;
            case BROKEN -> {}
        }
        long length = now - windowStart;
        if (length < Math.max(SHORTEST_WINDOW, callTime())
                || calls < Math.clamp(limit, FEWEST_CALLS, ENOUGH_CALLS)) {
            return false;
        }
        return close(now, length);
    }

    private boolean close(long now, long length) {
        int before = limit;
        long settled = now;
        if (passesTolerance()) {
            double served = (double) servedNanos / length;
            limit = (int) Math.max(1, Math.clamp(served, MOST_CUT * limit, LEAST_CUT * limit));
            settled += callTime();
        } else if (full && refused <= TOLERATED_SHARE * calls) {
            limit = Math.min(ceiling, limit + Math.max(1, ceiling / STEPS_TO_CEILING));
        }
        windowStart = settled;
        calls = 0;
        refused = 0;
        servedNanos = 0;
        full = false;
        return limit != before;
    }

    /// Whether more were refused than a tolerated share would give by chance.
    private boolean passesTolerance() {
        double tolerated = TOLERATED_SHARE * calls;
        return refused > tolerated + DEVIATIONS * Math.sqrt(tolerated * (1 - TOLERATED_SHARE));
    }

    private long callTime() {
        return Math.min(LONGEST_WINDOW, (long) meanLatencyNanos);
    }
}
