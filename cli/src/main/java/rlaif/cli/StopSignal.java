package rlaif.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import rlaif.cluster.AbruptExit;

/// The wish of whoever runs this process that it stop: Ctrl-C or SIGTERM. The process ends once
/// this is closed, so it is opened before everything that must be closed in order.
final class StopSignal implements AutoCloseable {
    /// Longer than a role is waited for.
    private static final Duration TIME_TO_CLOSE = Duration.ofSeconds(70);

    /// As a shell reports a process that SIGTERM has ended.
    private static final int TERMINATED = 143;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Duration timeToClose;

    private StopSignal(Duration timeToClose) {
        this.timeToClose = timeToClose;
    }

    /// Listens from now on.
    static StopSignal install() {
        return install(TIME_TO_CLOSE);
    }

    /// @param timeToClose after the signal; whoever still computes then is given up
    static StopSignal install(Duration timeToClose) {
        StopSignal signal = new StopSignal(timeToClose);
        Runtime.getRuntime().addShutdownHook(new Thread(signal::stop));
        return signal;
    }

    private void stop() {
        stopped.countDown();
        try {
            if (!closed.await(timeToClose.toMillis(), TimeUnit.MILLISECONDS)) {
                AbruptExit.exit(TERMINATED);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void await() throws InterruptedException {
        stopped.await();
    }

    /// Whether it came within this time.
    boolean await(Duration longest) throws InterruptedException {
        return stopped.await(longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Waits so long; where the signal comes, fails, so that whatever is open is closed in order: a
    /// process that ends under a thread at its tensors may crash.
    void pause(Duration time, Consumer<String> progress) throws InterruptedException {
        if (await(time)) {
            progress.accept("stopping; started again, it goes on where it was");
            throw new Failure(ExitCode.STOPPED, "stopped");
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
