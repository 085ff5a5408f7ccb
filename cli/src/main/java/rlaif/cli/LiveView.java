package rlaif.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/// A block of lines on a terminal that is drawn again as the state changes; elsewhere one line
/// every ten seconds.
///
/// Messages scroll above the block.
final class LiveView implements Consumer<String>, AutoCloseable {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
    private static final String CLEAR_TO_END = "\033[J";

    private final PrintWriter err;
    private final boolean terminal;
    private final Instant start = Instant.now();
    private Instant lastLine = Instant.EPOCH;
    private int drawn;

    LiveView(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /// A message that stays.
    @Override
    public synchronized void accept(String message) {
        clear();
        err.printf("[%5.1f s] %s%n", seconds(), message);
        err.flush();
    }

    /// The state now: `block` on a terminal, `line` elsewhere.
    synchronized void show(List<String> block, String line) {
        if (terminal) {
            clear();
            block.forEach(err::println);
            drawn = block.size();
            err.flush();
        } else if (Duration.between(lastLine, Instant.now()).compareTo(BETWEEN_LINES) >= 0) {
            lastLine = Instant.now();
            err.printf("[%5.1f s] %s%n", seconds(), line);
            err.flush();
        }
    }

    /// A bar of `width` characters, filled to `share`.
    static String bar(double share, int width) {
        int filled = (int) Math.round(Math.clamp(share, 0, 1) * width);
        return "[" + "#".repeat(filled) + ".".repeat(width - filled) + "]";
    }

    double seconds() {
        return Duration.between(start, Instant.now()).toMillis() / 1000.0;
    }

    private void clear() {
        if (drawn > 0) {
            err.print("\033[" + drawn + "A\r" + CLEAR_TO_END);
            drawn = 0;
        }
    }

    @Override
    public synchronized void close() {
        clear();
        err.flush();
    }
}
