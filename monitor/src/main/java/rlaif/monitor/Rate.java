package rlaif.monitor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// How often something happens a second, over a short time that ends now.
///
/// Owned by one thread; holds one number for each second at most.
final class Rate {
    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private final long windowNanos;
    private final Deque<Second> seconds = new ArrayDeque<>();

    private record Second(long startNanos, long count) {}

    Rate(Duration window) {
        this.windowNanos = window.toNanos();
    }

    void add(long nowNanos) {
        Second last = seconds.peekLast();
        if (last != null && nowNanos - last.startNanos() < SECOND_NANOS) {
            seconds.removeLast();
            seconds.addLast(new Second(last.startNanos(), last.count() + 1));
        } else {
            seconds.addLast(new Second(nowNanos, 1));
        }
        forget(nowNanos);
    }

    double perSecond(long nowNanos) {
        forget(nowNanos);
        Second first = seconds.peekFirst();
        if (first == null) {
            return 0;
        }
        long sinceNanos = Math.clamp(nowNanos - first.startNanos(), SECOND_NANOS, windowNanos);
        double total = seconds.stream().mapToLong(Second::count).sum();
        return total * SECOND_NANOS / sinceNanos;
    }

    private void forget(long nowNanos) {
        while (!seconds.isEmpty() && nowNanos - seconds.peekFirst().startNanos() > windowNanos) {
            seconds.removeFirst();
        }
    }
}
