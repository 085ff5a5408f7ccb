package rlaif.cli;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rlaif.judging.CallStatus;
import rlaif.judging.JudgeCalls;

/// A watch over work that waits for a judge: the work is interrupted where the judge has answered
/// nobody for too long, or where its budget is used up and nothing is under way any more.
final class CallWatch {
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private final JudgeCalls calls;
    private final Duration patience;
    private final Thread worker = Thread.currentThread();
    private @Nullable Failure ended;
    private boolean done;

    private CallWatch(JudgeCalls calls, Duration patience) {
        this.calls = calls;
        this.patience = patience;
    }

    /// What is watched; an interrupt ends it.
    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    /// Does the work.
    ///
    /// @return why it was ended before it was done, or that it took more than a budget allows;
    ///   empty: neither
    static Optional<Failure> during(JudgeCalls calls, Duration patience, Work work)
            throws InterruptedException {
        CallWatch watch = new CallWatch(calls, patience);
        Thread watcher = Thread.ofVirtual().name("call-watch").start(watch::watch);
        try {
            work.run();
            Optional<Failure> ended = watch.stop();
            return ended.isPresent() ? ended : exceeded(calls.status());
        } catch (InterruptedException e) {
            Optional<Failure> ended = watch.stop();
            if (ended.isEmpty()) {
                throw e;
            }
            return ended;
        } finally {
            watch.stop();
            watcher.interrupt();
        }
    }

    /// That more was used than there was, by the time all was done; empty: there was enough.
    private static Optional<Failure> exceeded(CallStatus status) {
        return status.budgets()
                .exceeded(status.spent())
                .map(what ->
                        new Failure(
                                ExitCode.PARTIAL,
                                "judge '%s': %s".formatted(status.judge(), what)));
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(BETWEEN);
                Optional<Failure> why = whyToEnd(calls.status());
                if (why.isPresent()) {
                    end(why.get());
                    return;
                }
            }
        } catch (InterruptedException e) {
            // done
        }
    }

    private Optional<Failure> whyToEnd(CallStatus status) {
        if (status.pause().isEmpty()) {
            return Optional.empty();
        }
        if (!status.away()) {
            return status.inFlight() > 0 || !status.retrying().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Failure(ExitCode.PARTIAL, status.pause()));
        }
        return status.sinceAnswer().compareTo(patience) < 0
                ? Optional.empty()
                : Optional.of(
                        new Failure(
                                ExitCode.DEPENDENCY,
                                "%s; it has not answered for %d s: start it again, or wait longer with --patience"
                                        .formatted(
                                                status.pause(), status.sinceAnswer().toSeconds())));
    }

    private synchronized void end(Failure why) {
        if (!done) {
            ended = why;
            worker.interrupt();
        }
    }

    /// Nothing is interrupted from now on.
    private synchronized Optional<Failure> stop() {
        if (!done && ended != null) {
            Thread.interrupted(); // an interrupt that came when the work was done
        }
        done = true;
        return Optional.ofNullable(ended);
    }
}
