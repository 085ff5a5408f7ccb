package rlaif.judging;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Something that is done at the same time, on a virtual thread of its own; closing ends it.
final class Forked<T> implements AutoCloseable {
    private final FutureTask<T> task;

    Forked(String name, Callable<T> work) {
        task = new FutureTask<>(work);
        Thread.ofVirtual().name(name).start(task);
    }

    /// Waits for it.
    ///
    /// @throws IllegalStateException when it threw
    T join() throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(String.valueOf(e.getCause()), e.getCause());
        }
    }

    @Override
    public void close() {
        task.cancel(true); // of no effect once it has ended
    }
}
