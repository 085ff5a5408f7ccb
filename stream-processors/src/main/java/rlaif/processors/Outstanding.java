package rlaif.processors;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What one task has under way beside the stream thread: each item on a virtual thread of its own,
/// what comes of them in a queue that the task empties. Everything but the queue is owned by the
/// task's thread.
///
/// @param <I> what is under way
/// @param <D> what comes of it
final class Outstanding<I extends Outstanding.Item, D> implements AutoCloseable {
    /// What can be under way.
    interface Item {
        /// No other item of its task has it.
        String id();

        /// Records that it stands for.
        default int records() {
            return 1;
        }

        /// Bytes of these.
        long bytes();
    }

    /// What is done with an item; interrupted when the task closes.
    @FunctionalInterface
    interface Work<D> {
        D run() throws InterruptedException;
    }

    /// How an item came back.
    sealed interface Result<I, D> {
        I item();

        record Done<I, D>(I item, D done) implements Result<I, D> {}

        /// Something threw; only this item is affected.
        record Broken<I, D>(I item, RuntimeException cause) implements Result<I, D> {}
    }

    private final String name;
    private final String threadName;
    private final Map<String, Thread> threads = new HashMap<>();
    private final BlockingQueue<Result<I, D>> results = new LinkedBlockingQueue<>();
    private int records;
    private long bytes;
    private volatile @Nullable Error fatal;

    /// @param name of what is done, for messages
    Outstanding(String name, String threadName) {
        this.name = name;
        this.threadName = threadName;
    }

    boolean contains(String id) {
        return threads.containsKey(id);
    }

    /// Records that these items stand for.
    int records() {
        return records;
    }

    /// Bytes of these records.
    long bytes() {
        return bytes;
    }

    void submit(I item, Work<D> work) {
        add(item, Thread.ofVirtual().name(threadName, 0).start(() -> run(item, work)));
    }

    /// Ends at once.
    void end(I item, D done) {
        add(item, Thread.currentThread());
        results.add(new Result.Done<>(item, done));
    }

    /// Ends at once with a failure.
    void fail(I item, RuntimeException cause) {
        add(item, Thread.currentThread());
        results.add(new Result.Broken<>(item, cause));
    }

    private void add(I item, Thread thread) {
        threads.put(item.id(), thread);
        records += item.records();
        bytes += item.bytes();
    }

    private void run(I item, Work<D> work) {
        try {
            results.add(new Result.Done<>(item, work.run()));
        } catch (InterruptedException e) {
            // the task is closing; whoever owns the item next submits it again
        } catch (RuntimeException e) {
            results.add(new Result.Broken<>(item, e));
        } catch (Error e) {
            fatal = e;
            throw e;
        }
    }

    /// The next result, if there is one.
    Optional<Result<I, D>> poll() {
        return taken(results.poll());
    }

    /// The next result, waited for.
    Optional<Result<I, D>> poll(Duration longest) throws InterruptedException {
        return taken(results.poll(longest.toNanos(), TimeUnit.NANOSECONDS));
    }

    private Optional<Result<I, D>> taken(@Nullable Result<I, D> result) {
        Error error = fatal;
        if (error != null) {
            throw new IllegalStateException(name + " broke: " + error, error);
        }
        if (result != null && threads.remove(result.item().id()) != null) {
            records -= result.item().records();
            bytes -= result.item().bytes();
        }
        return Optional.ofNullable(result);
    }

    @Override
    public void close() {
        threads.values().stream().filter(Thread::isVirtual).forEach(Thread::interrupt);
        threads.clear();
        records = 0;
        bytes = 0;
    }
}
