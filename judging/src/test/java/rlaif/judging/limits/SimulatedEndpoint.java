package rlaif.judging.limits;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Random;

/// An endpoint and its callers in simulated time: everybody who may call does, at once.
final class SimulatedEndpoint {
    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofMillis(1);

    private final AdaptiveLimit limit;
    private final long latency;
    private final Policy policy;
    private final PriorityQueue<Call> calls =
            new PriorityQueue<>((a, b) -> Long.compare(a.ends, b.ends));
    private long now;
    private int served;

    /// Whether a call is refused.
    interface Policy {
        /// @param serving calls being served now
        boolean refuses(long now, int serving);
    }

    private record Call(long started, long ends, AdaptiveLimit.Outcome outcome) {}

    SimulatedEndpoint(AdaptiveLimit limit, Duration latency, Policy policy) {
        this.limit = limit;
        this.latency = latency.toNanos();
        this.policy = policy;
    }

    /// Serves `perSecond` calls a second, with a burst of a tenth of these, and refuses the rest.
    static Policy allowing(double perSecond) {
        return new Policy() {
            private double tokens = perSecond / 10;
            private long last;

            @Override
            public boolean refuses(long now, int serving) {
                tokens = Math.min(perSecond / 10, tokens + (now - last) / 1e9 * perSecond);
                last = now;
                if (tokens < 1) {
                    return true;
                }
                tokens--;
                return false;
            }
        };
    }

    /// Serves so many at once.
    static Policy serving(int atOnce) {
        return (_, serving) -> serving >= atOnce;
    }

    static Policy randomly(double share, long seed) {
        Random random = new Random(seed);
        return (_, _) -> random.nextDouble() < share;
    }

    /// Lets time pass.
    ///
    /// @return calls answered in it
    int run(Duration time) {
        long end = now + time.toNanos();
        int answered = 0;
        while (true) {
            while (calls.size() < limit.limit()) {
                start();
            }
            Call next = calls.remove();
            if (next.ends > end) {
                calls.add(next);
                now = end;
                return answered;
            }
            now = next.ends;
            if (next.outcome == AdaptiveLimit.Outcome.ANSWERED) {
                answered++;
                served--;
            }
            limit.ended(now, Duration.ofNanos(now - next.started), next.outcome, calls.size() + 1);
        }
    }

    private void start() {
        if (policy.refuses(now, served)) {
            long pace =
                    limit.isCut()
                            ? Math.max(limit.meanLatency().toNanos(), PAUSE_AFTER_REFUSAL.toNanos())
                            : PAUSE_AFTER_REFUSAL.toNanos();
            calls.add(new Call(now, now + pace, AdaptiveLimit.Outcome.REFUSED));
        } else {
            served++;
            calls.add(new Call(now, now + latency, AdaptiveLimit.Outcome.ANSWERED));
        }
    }
}
