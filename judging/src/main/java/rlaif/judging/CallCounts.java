package rlaif.judging;

import java.time.Duration;
import java.util.OptionalInt;
import rlaif.judging.limits.Prices;
import rlaif.judging.limits.Spent;

/// What came of the calls to one endpoint, counted; guarded by its gate's lock.
final class CallCounts {
    private long answered;
    private long refused;
    private long load;
    private long timeouts;
    private long faults;
    private long lastAnswerNanos;

    private String lastRefusedId = "";
    private long lastRefusedNanos;
    private boolean anotherRefused;
    private long anotherRefusedNanos;

    private boolean probeFailed;
    private long probeFailedNanos;

    CallCounts(long nowNanos) {
        lastAnswerNanos = nowNanos;
    }

    void take(Reply reply, String id, long nowNanos) {
        switch (reply) {
            case Reply.Verdict _, Reply.Unreadable _, Reply.Scored _, Reply.Written _ -> {
                answered++;
                lastAnswerNanos = nowNanos;
            }
            case Reply.Refused _ -> refused++;
            case Reply.RetryLater(Reply.Obstacle obstacle, var _, var _) -> {
                switch (obstacle) {
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

    /// Replies of every kind: each shows that the endpoint is there.
    long answers() {
        return answered + refused;
    }

    long answered() {
        return answered;
    }

    long refused() {
        return refused;
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

    /// What a request used up, retries included.
    static Spent used(AskedOrder asked, Prices prices) {
        Spent requests = new Spent(asked.attempts(), 0, 0);
        return asked.attempts() == 0
                ? requests
                : switch (asked.reply()) {
                    case Reply.Verdict(var _, var _, var _, Reply.Exchange exchange) ->
                            requests.plus(used(exchange, prices));
                    case Reply.Unreadable(var _, Reply.Exchange exchange) ->
                            requests.plus(used(exchange, prices));
                    case Reply.Scored(var _, var _, Reply.Exchange exchange) ->
                            requests.plus(used(exchange, prices));
                    case Reply.Written(var _, var _, Reply.Exchange exchange) ->
                            requests.plus(used(exchange, prices));
                    case Reply.Refused _, Reply.RetryLater _ -> requests;
                };
    }

    /// What a reply used up beside its request.
    static Spent used(Reply.Exchange exchange, Prices prices) {
        OptionalInt prompt = exchange.promptTokens();
        OptionalInt completion = exchange.completionTokens();
        return new Spent(
                0,
                (long) prompt.orElse(0) + completion.orElse(0),
                prices.microdollars(prompt, completion).orElse(0));
    }
}
