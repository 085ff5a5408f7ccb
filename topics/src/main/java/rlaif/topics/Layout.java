package rlaif.topics;

/// How topics are spread over a cluster.
///
/// @param partitions count that all record topics share, at least 1
/// @param replication copies of each partition, at least 1
public record Layout(int partitions, short replication) {
    /// One broker.
    public static final Layout EMBEDDED = new Layout(4, (short) 1);

    /// A cluster of three brokers or more.
    public static final Layout CLUSTER = new Layout(12, (short) 3);

    public Layout {
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions must be at least 1, not " + partitions);
        }
        if (replication < 1) {
            throw new IllegalArgumentException(
                    "replication must be at least 1, not " + replication);
        }
    }

    /// Copies that must have a record before it counts as written: 2 of 3 or more, else 1.
    public int minInSync() {
        return replication >= 3 ? 2 : 1;
    }
}
