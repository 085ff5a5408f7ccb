package rlaif.cli;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import rlaif.producers.SkippedLine;

/// The lines of a prompt file that gave no prompt: told to the user, and counted.
final class SkippedLines implements Consumer<SkippedLine> {
    private static final int TOLD = 20;

    private final Consumer<String> out;
    private final AtomicLong count = new AtomicLong();

    SkippedLines(Consumer<String> out) {
        this.out = out;
    }

    @Override
    public void accept(SkippedLine line) {
        long seen = count.incrementAndGet();
        if (seen <= TOLD) {
            out.accept(line.message());
        } else if (seen == TOLD + 1) {
            out.accept("more lines are skipped; from here on they are only counted");
        }
    }

    long count() {
        return count.get();
    }
}
