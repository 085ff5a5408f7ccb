package rlaif.judging;

import java.time.Duration;
import java.util.OptionalInt;
import rlaif.judging.limits.Prices;
import rlaif.judging.limits.Spent;

/// What came of the calls to one endpoint, counted; guarded by its gate's lock.
final class CallCounts {
    private long answered;
    private long refused;
    private long denied;
    private long load;
    private long timeouts;
    private long faults;
    private long lastAnswerNanos;
    private long lastAnsweredBeganNanos; // the latest beginning of a call that was answered

    private String lastRefusedId = "";
    private long lastRefusedNanos;
    private boolean anotherRefused;
    private long anotherRefusedNanos;

    private boolean probeFailed;
    private long probeFailedNanos;

    CallCounts(long nowNanos) {
        lastAnswerNanos = nowNanos;
        lastAnsweredBeganNanos = nowNanos;
    }

    void take(Reply reply, String id, long startedNanos, long nowNanos) {
        switch (reply) {
            case Reply.Verdict _, Reply.Unreadable _, Reply.Scored _, Reply.Written _ -> {
                answered++;
                lastAnswerNanos = nowNanos;
                if (startedNanos - lastAnsweredBeganNanos > 0) {
                    lastAnsweredBeganNanos = startedNanos;
                }
            }
            case Reply.Refused refusal -> {
                if (refusal.denied()) {
                    denied++;
                } else {
                    refused++;
                }
            }
            case Reply.RetryLater later -> {
                switch (later.obstacle()) {
                    case LOAD -> {
                        load++;
                        metLoad(id, nowNanos);
                    }
                    case TIMEOUT -> timeouts++;
                    case FAULT -> faults++;
                }
            }
        }
    }

    private void metLoad(String id, long nowNanos) {
        if (!lastRefusedId.isEmpty() && !lastRefusedId.equals(id)) {
            anotherRefused = true;
            anotherRefusedNanos = lastRefusedNanos;
        }
        lastRefusedId = id;
        lastRefusedNanos = nowNanos;
    }

    /// Whether somebody else was refused for load since then.
    boolean othersMetLoad(String id, long sinceNanos) {
        if (!lastRefusedId.isEmpty()
                && !lastRefusedId.equals(id)
                && lastRefusedNanos - sinceNanos >= 0) {
            return true;
        }
        return anotherRefused && anotherRefusedNanos - sinceNanos >= 0;
    }

    void probeFailed(long nowNanos) {
        probeFailed = true;
        probeFailedNanos = nowNanos;
    }

    boolean probeFailedSince(long sinceNanos) {
        return probeFailed && probeFailedNanos - sinceNanos >= 0;
    }

    /// Whether a call that began after this time was answered.
    boolean answeredBegunSince(long sinceNanos) {
        return lastAnsweredBeganNanos - sinceNanos > 0;
    }

    /// Replies of every kind but denials: each shows that the endpoint is there.
    long answers() {
        return answered + refused;
    }

    long answered() {
        return answered;
    }

    long refused() {
        return refused;
    }

    long denied() {
        return denied;
    }

    long load() {
        return load;
    }

    long timeouts() {
        return timeouts;
    }

    long faults() {
        return faults;
    }

    Duration sinceAnswer(long nowNanos) {
        return Duration.ofNanos(nowNanos - lastAnswerNanos);
    }

    /// What an attempt used up.
    static Spent used(Reply reply, Prices prices) {
        return used(reply.usage(), prices);
    }

    /// The same of calls whose usage is known, or expected.
    static Spent used(Reply.Usage usage, Prices prices) {
        return new Spent(
                usage.calls(),
                (long) usage.promptTokens() + usage.completionTokens(),
                prices.microdollars(
                                OptionalInt.of(usage.promptTokens()),
                                OptionalInt.of(usage.completionTokens()))
                        .orElse(0));
    }
}
