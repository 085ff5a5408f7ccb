package rlaif.trainers.loop;

/// Whether waiting for more of a partition is over.
interface Shortage {
    /// Whether `partition` may give less than its share of a batch.
    boolean mayBeShort(int partition);

    /// Whether the last group of `partition` may be taken although records of it are missing.
    boolean mayBeCut(int partition);
}
