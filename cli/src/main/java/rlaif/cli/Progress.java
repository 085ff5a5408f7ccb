package rlaif.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/// What happens, line by line on stderr, each with the seconds since the start.
final class Progress implements Consumer<String> {
    private final PrintWriter err;
    private final Instant start = Instant.now();

    Progress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public synchronized void accept(String line) {
        err.printf("[%5.1f s] %s%n", seconds(), line);
        err.flush();
    }

    double seconds() {
        return Duration.between(start, Instant.now()).toMillis() / 1000.0;
    }
}
