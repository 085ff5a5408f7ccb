package rlaif.trainers.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// A trainer's wait for the shares of some partitions while others hold enough, told once it is
/// long, and anew where it is for other partitions or after another batch.
///
/// Owned by one thread.
final class ShareWait {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration BETWEEN_NOTICES = Duration.ofMinutes(5);

    private final String trainer;
    private final String topic;
    private final LongSupplier nanoClock;
    private final Consumer<String> notices;
    private SortedSet<Integer> told = new TreeSet<>();
    private long dueNanos;
    private long earliestNanos;

    /// @param trainer whose wait it is
    /// @param topic whose partitions are waited for
    /// @param nanoClock as {@link System#nanoTime}
    ShareWait(String trainer, String topic, LongSupplier nanoClock, Consumer<String> notices) {
        this.trainer = trainer;
        this.topic = topic;
        this.nanoClock = nanoClock;
        this.notices = notices;
        this.earliestNanos = nanoClock.getAsLong();
        begin();
    }

    /// From now on a batch is waited for.
    void begin() {
        told = new TreeSet<>();
        dueNanos = later(nanoClock.getAsLong() + LONG.toNanos(), earliestNanos);
    }

    /// Whether it is time to tell what is waited for.
    boolean isDue() {
        return nanoClock.getAsLong() - dueNanos >= 0;
    }

    /// Tells of a wait that is due.
    ///
    /// @param partitions that are waited for while others hold enough; empty: there are none
    void tell(SortedSet<Integer> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        dueNanos = nanoClock.getAsLong() + BETWEEN_NOTICES.toNanos();
        if (partitions.equals(told)) {
            return;
        }
        told = new TreeSet<>(partitions);
        earliestNanos = dueNanos;
        notices.accept(
                "%s waits for records of %s %s of %s: a deterministic trainer takes an equal share of every partition, and the others hold enough for a batch. It goes on once they come; without --deterministic it fills its batches from the others"
                        .formatted(
                                trainer,
                                partitions.size() == 1 ? "partition" : "partitions",
                                written(partitions),
                                topic));
    }

    private static long later(long oneNanos, long otherNanos) {
        return oneNanos - otherNanos >= 0 ? oneNanos : otherNanos;
    }

    /// Numbers that follow each other as `first-last`.
    private static String written(SortedSet<Integer> numbers) {
        List<String> ranges = new ArrayList<>();
        for (int first : numbers) {
            if (!numbers.contains(first - 1)) {
                int last = first;
                while (numbers.contains(last + 1)) {
                    last++;
                }
                ranges.add(first == last ? "" + first : first + "-" + last);
            }
        }
        return String.join(", ", ranges);
    }
}
