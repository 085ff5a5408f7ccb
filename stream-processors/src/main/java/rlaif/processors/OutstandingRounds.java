package rlaif.processors;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import rlaif.judging.revision.CompletionToRevise;
import rlaif.judging.revision.RevisedRound;
import rlaif.judging.revision.RoundOfRevision;

/// The rounds under way for one task: each on a virtual thread of its own, results in a queue that
/// the task empties. Everything but the queue is owned by the task's thread.
final class OutstandingRounds implements AutoCloseable {
    /// How a round came back.
    sealed interface Result {
        PendingRevision pending();

        record Done(PendingRevision pending, RevisedRound round) implements Result {}

        /// Something threw; only this rollout is affected.
        record Broken(PendingRevision pending, RuntimeException cause) implements Result {}
    }

    private final RoundOfRevision rounds;
    private final Map<String, Thread> threads = new HashMap<>();
    private final BlockingQueue<Result> results = new LinkedBlockingQueue<>();
    private long bytes;
    private volatile @Nullable Error fatal;

    OutstandingRounds(RoundOfRevision rounds) {
        this.rounds = rounds;
    }

    boolean contains(String rolloutId) {
        return threads.containsKey(rolloutId);
    }

    int size() {
        return threads.size();
    }

    /// Bytes of the records of these rollouts and of the rounds that were made of them.
    long bytes() {
        return bytes;
    }

    void submit(PendingRevision pending, CompletionToRevise completion) {
        add(pending, Thread.ofVirtual().name("revise-", 0).start(() -> run(pending, completion)));
    }

    /// Ends at once with a failure.
    void fail(PendingRevision pending, RuntimeException cause) {
        add(pending, Thread.currentThread());
        results.add(new Result.Broken(pending, cause));
    }

    private void add(PendingRevision pending, Thread thread) {
        threads.put(pending.rollout().getId(), thread);
        bytes += pending.bytes();
    }

    private void run(PendingRevision pending, CompletionToRevise completion) {
        try {
            results.add(new Result.Done(pending, rounds.run(completion)));
        } catch (InterruptedException e) {
            // the task is closing; whoever owns the rollout next submits it again
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
            throw new IllegalStateException("revising broke: " + error, error);
        }
        if (result != null && threads.remove(result.pending().rollout().getId()) != null) {
            bytes -= result.pending().bytes();
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
