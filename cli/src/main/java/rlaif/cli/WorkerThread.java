package rlaif.cli;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One role at work on a thread of its own, from start until it ends, fails or is closed.
final class WorkerThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerThread.class);

    /// A role's work: `run` blocks until `close` is called from another thread, or the work is
    /// done.
    interface Work extends AutoCloseable {
        void run() throws Exception;

        @Override
        void close();
    }

    private final String role;
    private final Work work;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    private WorkerThread(String role, Work work) {
        this.role = role;
        this.work = work;
    }

    static WorkerThread start(String role, Work work) {
        WorkerThread worker = new WorkerThread(role, work);
        Thread.ofPlatform().name(role).daemon(true).start(worker::work);
        return worker;
    }

    @SuppressWarnings("CatchingUnchecked") // whatever ends a role is kept and reported by its owner
    private void work() {
        try {
            work.run();
            LOG.info("{} ended", role);
            end.complete(null);
        } catch (Throwable failure) {
            LOG.error("{} failed", role, failure);
            end.completeExceptionally(failure);
        }
    }

    String role() {
        return role;
    }

    boolean ended() {
        return end.isDone();
    }

    /// What ended it, where it was a failure.
    Optional<Throwable> failure() {
        return end.isCompletedExceptionally() ? Optional.of(end.exceptionNow()) : Optional.empty();
    }

    /// Asks it to stop and waits until it has, a minute at the longest.
    @Override
    public void close() {
        work.close();
        try {
            end.get(60, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException slow) {
            LOG.warn("{} did not stop within a minute", role);
        } catch (ExecutionException failed) {
            // Kept in `failure`, which its owner reads.
        }
    }
}
