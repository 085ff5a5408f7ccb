package rlaif.benchmarks.slcai;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Workers at work, each on a thread of its own, ended in the reverse order of their start.
final class Workers implements AutoCloseable {
    private final Deque<Worker> workers = new ArrayDeque<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private record Worker(Thread thread, Runnable close) {}

    /// A worker's `run`.
    interface Run {
        void run() throws Exception;
    }

    Thread start(String name, Run run, Runnable close) {
        Thread thread =
                Thread.ofPlatform()
                        .name(name)
                        .daemon()
                        .start(() -> {
                            try {
                                run.run();
                            } catch (Exception | Error e) {
                                failure.compareAndSet(null, e);
                            }
                        });
        workers.push(new Worker(thread, close));
        return thread;
    }

    /// Throws what ended a worker, where that was a failure.
    void requireHealthy() {
        Throwable broken = failure.get();
        if (broken != null) {
            throw new IllegalStateException("a worker broke: " + broken, broken);
        }
    }

    /// Waits for a worker that ends by itself.
    void join(Thread worker) throws InterruptedException {
        while (worker.isAlive()) {
            requireHealthy();
            worker.join(200);
        }
        requireHealthy();
    }

    @Override
    public void close() {
        while (!workers.isEmpty()) {
            Worker worker = workers.pop();
            worker.close().run();
            try {
                worker.thread().join(30_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
