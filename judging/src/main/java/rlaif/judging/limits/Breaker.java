package rlaif.judging.limits;

import java.time.Duration;

/// Whether an endpoint is there at all: it opens when nobody is answered, and closes at the first
/// answer.
///
/// It opens at the last of several failures in a row over a least time, whoever was asked about;
/// one answer among them begins the row anew. While it is open, one trial at a time is made, after
/// pauses that double. Not safe for threads; time is given, in nanoseconds of any origin.
public final class Breaker {
    private final Settings settings;
    private int failuresInRow;
    private int refusalsInRow;
    private long rowStart;
    private String lastCause = "";
    private boolean open;
    private boolean openedByRefusals;
    private boolean trialUnderWay;
    private long openedAt;
    private long nextTrialAt;
    private long changes;
    private Duration pause;

    /// What a call's end did to it.
    public enum Change {
        NONE,
        OPENED,
        CLOSED
    }

    /// When it opens, and how often it tries while open.
    ///
    /// @param failures failures in a row that open it, at least 1
    /// @param row least time from the first of these to the last
    /// @param refusals requests in a row that the endpoint refused for good (status 400, say) that
    ///   open it, at least 1
    /// @param shortestPause before the first trial; doubles with each
    /// @param longestPause most that it grows to
    public record Settings(
            int failures,
            Duration row,
            int refusals,
            Duration shortestPause,
            Duration longestPause) {
        public static final Settings DEFAULT =
                new Settings(
                        5,
                        Duration.ofSeconds(2),
                        20,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(30));

        public Settings {
            if (failures < 1 || refusals < 1) {
                throw new IllegalArgumentException(
                        "a breaker opens after at least 1 failure, got %d failures and %d refusals"
                                .formatted(failures, refusals));
            }
            if (row.isNegative()
                    || !shortestPause.isPositive()
                    || longestPause.compareTo(shortestPause) < 0) {
                throw new IllegalArgumentException(
                        "breaker pauses must be 0 < shortest <= longest, got %s and %s"
                                .formatted(shortestPause, longestPause));
            }
        }
    }

    public Breaker(Settings settings) {
        this.settings = settings;
        this.pause = settings.shortestPause();
    }

    public boolean isOpen() {
        return open;
    }

    /// Why it is open, or what failed last; empty: nothing yet.
    public String lastCause() {
        return lastCause;
    }

    /// How often it opened or closed: two equal readings enclose no change.
    public long changes() {
        return changes;
    }

    /// How long it has been open.
    public Duration openFor(long now) {
        return open ? Duration.ofNanos(now - openedAt) : Duration.ZERO;
    }

    /// Time until a trial may be made; zero: now.
    public Duration untilTrial(long now) {
        if (trialUnderWay) {
            return settings.longestPause();
        }
        return Duration.ofNanos(Math.max(0, nextTrialAt - now));
    }

    /// Takes the trial that is due, if one is; its end is told by {@link #answered}, {@link
    /// #failed}, {@link #refused} or {@link #abandoned}.
    public boolean takeTrial(long now) {
        if (!open || trialUnderWay || now - nextTrialAt < 0) {
            return false;
        }
        trialUnderWay = true;
        return true;
    }

    /// The trial ended without telling anything.
    public void abandoned() {
        trialUnderWay = false;
    }

    /// Somebody was answered.
    public Change answered() {
        failuresInRow = 0;
        refusalsInRow = 0;
        return close();
    }

    /// A call got no reply, or was denied to whoever makes it.
    ///
    /// @param askedPause how long the endpoint asked to be left alone; zero: it did not say
    public Change failed(long now, String cause, Duration askedPause) {
        lastCause = cause;
        if (failuresInRow++ == 0) {
            rowStart = now;
        }
        boolean enough =
                failuresInRow >= settings.failures() && now - rowStart >= settings.row().toNanos();
        return openOrWait(now, enough, false, askedPause);
    }

    /// The endpoint replied that it will not answer this request: it is there, but if it says so to
    /// everybody, it serves nobody.
    public Change refused(long now, String cause) {
        failuresInRow = 0;
        refusalsInRow++;
        if (open && !openedByRefusals) {
            return close();
        }
        lastCause = cause;
        return openOrWait(now, refusalsInRow >= settings.refusals(), true, Duration.ZERO);
    }

    private Change close() {
        trialUnderWay = false;
        if (!open) {
            return Change.NONE;
        }
        open = false;
        changes++;
        return Change.CLOSED;
    }

    private Change openOrWait(long now, boolean enough, boolean refusals, Duration askedPause) {
        if (open) {
            if (trialUnderWay) {
                trialUnderWay = false;
                pause = shorter(pause.multipliedBy(2), settings.longestPause());
                nextTrialAt = now + later(askedPause).toNanos();
            }
            return Change.NONE;
        }
        if (!enough) {
            return Change.NONE;
        }
        open = true;
        openedByRefusals = refusals;
        openedAt = now;
        changes++;
        pause = settings.shortestPause();
        nextTrialAt = now + later(askedPause).toNanos();
        return Change.OPENED;
    }

    private Duration later(Duration askedPause) {
        return askedPause.compareTo(pause) > 0
                ? shorter(askedPause, Duration.ofMinutes(10))
                : pause;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
