package rlaif.trainers.loop;

import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/// How a trainer treats a partition that has too little for its share of a batch.
public sealed interface Pace {
    /// Waits for `patience`, then fills the batch from the other partitions.
    record Live(Duration patience) implements Pace {
        public Live {
            if (patience.isNegative()) {
                throw new IllegalArgumentException(
                        "patience must not be negative, got " + patience);
            }
        }
    }

    /// Waits for as long as it takes, up to where the recording of each partition ends: the same
    /// log gives the same batches.
    ///
    /// @param ends end offset by partition, exclusive; a partition that is not named has no end
    record Recorded(SortedMap<Integer, Long> ends) implements Pace {
        public Recorded {
            ends = new TreeMap<>(ends);
        }
    }

    /// Half a second of patience.
    static Pace live() {
        return new Live(Duration.ofMillis(500));
    }

    /// Deterministic on a log that has no end.
    static Pace deterministic() {
        return new Recorded(new TreeMap<>());
    }
}
