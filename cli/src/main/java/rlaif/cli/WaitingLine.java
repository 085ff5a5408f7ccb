package rlaif.cli;

import java.time.Duration;
import java.util.function.Consumer;

/// A line now and then about what is waited for, from its making until it is closed.
final class WaitingLine implements AutoCloseable {
    private final Consumer<String> progress;
    private final String what;
    private final Duration between;
    private final Thread thread;

    /// @param what is waited for, in words; the seconds so far come after it
    /// @param between lines, and before the first
    WaitingLine(Consumer<String> progress, String what, Duration between) {
        this.progress = progress;
        this.what = what;
        this.between = between;
        this.thread = Thread.ofVirtual().name("waiting-line").start(this::tell);
    }

    private void tell() {
        long started = System.nanoTime();
        try {
            while (true) {
                Thread.sleep(between);
                long seconds = Duration.ofNanos(System.nanoTime() - started).toSeconds();
                progress.accept("%s: %d s so far".formatted(what, seconds));
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    /// No line is written afterwards.
    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
