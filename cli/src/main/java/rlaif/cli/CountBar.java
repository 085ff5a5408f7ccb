package rlaif.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// How much of a known number of things is done: a bar on a terminal, a line every ten seconds
/// elsewhere; with rate and the time that is left.
final class CountBar implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final long BETWEEN_NANOS = Duration.ofMillis(100).toNanos();

    private final LiveView view;
    private final String what;
    private final long total;
    private final long startNanos = System.nanoTime();
    private long done;
    private long lastNanos = startNanos;

    /// @param total things to do; 0: unknown
    CountBar(PrintWriter err, String what, long total) {
        this.view = new LiveView(err, Terminal.canDraw());
        this.what = what;
        this.total = total;
    }

    /// A message that stays, above the bar.
    void say(String message) {
        view.accept(message);
    }

    synchronized void step() {
        done++;
        long now = System.nanoTime();
        if (now - lastNanos >= BETWEEN_NANOS || done == total) {
            lastNanos = now;
            String line = line((now - startNanos) / 1e9);
            view.show(List.of(line), line);
        }
    }

    private String line(double seconds) {
        double rate = done / Math.max(seconds, 1e-3);
        if (total == 0) {
            return String.format(Locale.ROOT, "%s: %d, %.0f/s", what, done, rate);
        }
        return String.format(
                Locale.ROOT,
                "%s %s %d of %d, %.0f/s, %.0f s left",
                what,
                LiveView.bar((double) done / total, WIDTH),
                done,
                total,
                rate,
                Math.max(0, total - done) / rate);
    }

    @Override
    public void close() {
        view.close();
    }
}
