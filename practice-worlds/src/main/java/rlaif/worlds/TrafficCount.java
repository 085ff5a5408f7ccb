package rlaif.worlds;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// The counters behind {@link Traffic}. Any thread may count.
final class TrafficCount {
    private final LongAdder requests = new LongAdder();
    private final LongAdder replies = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder malformed = new LongAdder();
    private final LongAdder unanswered = new LongAdder();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger mostInFlight = new AtomicInteger();

    void enter() {
        requests.increment();
        mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
    }

    void leave(Fate.Outcome outcome) {
        inFlight.decrementAndGet();
        switch (outcome) {
            case REPLY -> replies.increment();
            case UNANSWERED -> unanswered.increment();
            case TOO_MANY_REQUESTS -> refused.increment();
            case SERVER_ERROR -> failed.increment();
            case MALFORMED -> malformed.increment();
        }
    }

    Traffic now() {
        return new Traffic(
                requests.sum(),
                replies.sum(),
                refused.sum(),
                failed.sum(),
                malformed.sum(),
                unanswered.sum(),
                inFlight.get(),
                mostInFlight.get());
    }
}
