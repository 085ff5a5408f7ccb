package rlaif.judging;

import java.time.Duration;
import rlaif.judging.limits.Breaker;

/// Settings of calls that wait milliseconds where others wait seconds, and replies to them.
final class QuickCalls {
    static final JudgeCalls.Settings SETTINGS =
            JudgeCalls.Settings.DEFAULT
                    .withMaxInFlight(8)
                    .withRetries(
                            new Retries(
                                    5,
                                    Duration.ofMillis(1),
                                    Duration.ofMillis(3),
                                    Duration.ofSeconds(1)))
                    .withBreaker(
                            new Breaker.Settings(
                                    5,
                                    Duration.ofMillis(20),
                                    20,
                                    Duration.ofMillis(10),
                                    Duration.ofMillis(40)));

    static final Reply DOWN = new Reply.RetryLater("connection refused", Duration.ZERO);

    private QuickCalls() {}

    static Reply answer() {
        return new Reply.Verdict(0.7, 1, Reply.Exchange.none());
    }

    static void awaitPause(JudgeCalls calls) throws InterruptedException {
        while (calls.pause().isEmpty()) {
            Thread.sleep(1);
        }
    }
}
