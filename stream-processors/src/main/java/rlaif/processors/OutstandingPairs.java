package rlaif.processors;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import rlaif.judging.PairToJudge;
import rlaif.judging.WatchedJudging;

/// The judging under way for one task: each pair on a virtual thread of its own, results in a queue
/// that the task empties. Everything but the queue is owned by the task's thread.
final class OutstandingPairs implements AutoCloseable {
    /// How a pair came back.
    sealed interface Result {
        PendingPair pending();

        record Judged(PendingPair pending, WatchedJudging.Watched watched) implements Result {}

        /// Nobody asks the judge about it any more.
        record Unasked(PendingPair pending) implements Result {}

        /// Something threw; only this pair is affected.
        record Broken(PendingPair pending, RuntimeException cause) implements Result {}
    }

    private final WatchedJudging judging;
    private final Map<String, Thread> threads = new HashMap<>();
    private final BlockingQueue<Result> results = new LinkedBlockingQueue<>();
    private long bytes;
    private volatile @Nullable Error fatal;

    OutstandingPairs(WatchedJudging judging) {
        this.judging = judging;
    }

    boolean contains(String pairId) {
        return threads.containsKey(pairId);
    }

    int size() {
        return threads.size();
    }

    /// Bytes of the records of these pairs.
    long bytes() {
        return bytes;
    }

    void submit(PendingPair pending, PairToJudge pair) {
        add(pending, Thread.ofVirtual().name("judge-", 0).start(() -> judge(pending, pair)));
    }

    /// Ends at once, the judge unasked.
    void giveUp(PendingPair pending) {
        add(pending, Thread.currentThread());
        results.add(new Result.Unasked(pending));
    }

    /// Ends at once with a failure.
    void fail(PendingPair pending, RuntimeException cause) {
        add(pending, Thread.currentThread());
        results.add(new Result.Broken(pending, cause));
    }

    private void add(PendingPair pending, Thread thread) {
        threads.put(pending.pair().getId(), thread);
        bytes += pending.source().size();
    }

    private void judge(PendingPair pending, PairToJudge pair) {
        try {
            results.add(new Result.Judged(pending, judging.judge(pair)));
        } catch (InterruptedException e) {
            // the task is closing; whoever owns the pair next submits it again
        } catch (RuntimeException e) {
            results.add(new Result.Broken(pending, e));
        } catch (Error e) {
            fatal = e;
            throw e;
        }
    }

    /// The next result, if there is one.
    Optional<Result> poll() {
        return taken(results.poll());
    }

    /// The next result, waited for.
    Optional<Result> poll(Duration longest) throws InterruptedException {
        return taken(results.poll(longest.toNanos(), TimeUnit.NANOSECONDS));
    }

    private Optional<Result> taken(@Nullable Result result) {
        Error error = fatal;
        if (error != null) {
            throw new IllegalStateException("judging broke: " + error, error);
        }
        if (result != null && threads.remove(result.pending().pair().getId()) != null) {
            bytes -= result.pending().source().size();
        }
        return Optional.ofNullable(result);
    }

    @Override
    public void close() {
        threads.values().stream().filter(Thread::isVirtual).forEach(Thread::interrupt);
        threads.clear();
        bytes = 0;
    }
}
