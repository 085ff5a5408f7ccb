package rlaif.trainers.loop;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Everything polled and not consumed yet, and the rule by which batches are cut from it.
///
/// A batch takes an equal number of units from each partition, partitions in ascending order, each
/// in offset order. A unit is a record that stands alone or a whole group; one with nothing to
/// train on is consumed on the way and does not count. What a later record takes the place of is
/// nothing to train on, as far as that one is known: it lies in the batch, or it has been polled
/// and the backlog looks ahead, so that its batches depend on what had come by then.
final class Backlog<E, X> {
    private final Intake<E, X> intake;
    private final boolean looksAhead;
    private final SortedMap<Integer, ArrayDeque<Arrival<E>>> arrivals = new TreeMap<>();

    /// @param looksAhead whether records beyond a batch have a say in what it holds; without it,
    ///   batches are a function of the log alone
    Backlog(Intake<E, X> intake, SortedSet<Integer> partitions, boolean looksAhead) {
        this.intake = intake;
        this.looksAhead = looksAhead;
        partitions.forEach(partition -> arrivals.put(partition, new ArrayDeque<>()));
    }

    void add(int partition, Arrival<E> arrival) {
        of(partition).add(arrival);
    }

    int size(int partition) {
        return of(partition).size();
    }

    /// Complete units of `partition` with something to train on, counted up to `limit`.
    int units(int partition, int limit) {
        return new PartitionCut<>(intake, List.copyOf(of(partition)), false, looksAhead)
                .extend(limit);
    }

    /// Cuts a batch of `units`, or leaves everything as it is while a partition may not be short.
    Optional<Batch<X>> take(int units, Shortage shortage) {
        SortedMap<Integer, PartitionCut<E, X>> cuts = cuts(shortage);
        int missing = 0;
        int rank = 0;
        for (Map.Entry<Integer, PartitionCut<E, X>> cut : cuts.entrySet()) {
            int quota = share(units, rank++, cuts.size());
            int gap = quota - cut.getValue().extend(quota);
            if (gap > 0 && !shortage.mayBeShort(cut.getKey())) {
                return Optional.empty();
            }
            missing += gap;
        }
        for (Map.Entry<Integer, PartitionCut<E, X>> cut : cuts.entrySet()) {
            missing -= cut.getValue().extend(missing);
            if (missing > 0 && !shortage.mayBeShort(cut.getKey())) {
                return Optional.empty();
            }
        }
        return missing > 0 ? Optional.empty() : Optional.of(consume(cuts));
    }

    /// The partitions whose shares a batch of `units` waits for while all together hold as many;
    /// empty: it waits for none, or for more of whatever partition.
    SortedSet<Integer> awaited(int units, Shortage shortage) {
        SortedMap<Integer, PartitionCut<E, X>> cuts = cuts(shortage);
        SortedSet<Integer> awaited = new TreeSet<>();
        int held = 0;
        int rank = 0;
        for (Map.Entry<Integer, PartitionCut<E, X>> cut : cuts.entrySet()) {
            int quota = share(units, rank++, cuts.size());
            int taken = cut.getValue().extend(quota);
            if (taken < quota && !shortage.mayBeShort(cut.getKey())) {
                awaited.add(cut.getKey());
            }
            held += taken + cut.getValue().extend(units);
        }
        return held < units ? new TreeSet<>() : awaited;
    }

    /// What the partition of this rank gives of a batch.
    private static int share(int units, int rank, int partitions) {
        return units / partitions + (rank < units % partitions ? 1 : 0);
    }

    /// Takes what comes first and holds nothing to train on, once it is as much as a batch, which
    /// it would otherwise wait for; the result has no examples.
    ///
    /// Of a backlog that does not look ahead, only partitions that give each batch of `units` a
    /// share: those pass the same records then, whenever this is asked.
    Optional<Batch<X>> passOver(int units, Shortage shortage) {
        SortedMap<Integer, PartitionCut<E, X>> cuts = cuts(shortage);
        int passedOver = 0;
        int rank = 0;
        for (PartitionCut<E, X> cut : cuts.values()) {
            if (looksAhead || rank++ < units) {
                passedOver += cut.skip();
            }
        }
        return passedOver < units ? Optional.empty() : Optional.of(consume(cuts));
    }

    private SortedMap<Integer, PartitionCut<E, X>> cuts(Shortage shortage) {
        SortedMap<Integer, PartitionCut<E, X>> cuts = new TreeMap<>();
        arrivals.forEach((partition, waiting) ->
                cuts.put(
                        partition,
                        new PartitionCut<>(
                                intake,
                                List.copyOf(waiting),
                                shortage.mayBeCut(partition),
                                looksAhead)));
        return cuts;
    }

    private Batch<X> consume(SortedMap<Integer, PartitionCut<E, X>> cuts) {
        BatchRecord<X> batch = new BatchRecord<>();
        cuts.forEach((partition, cut) -> {
            for (int i = 0; i < cut.length(); i++) {
                batch.add(of(partition).removeFirst().source(), cut.admission(i));
            }
        });
        return batch.finish();
    }

    private ArrayDeque<Arrival<E>> of(int partition) {
        ArrayDeque<Arrival<E>> waiting = arrivals.get(partition);
        if (waiting == null) {
            throw new IllegalArgumentException(
                    "partition %d is not one of %s".formatted(partition, arrivals.keySet()));
        }
        return waiting;
    }
}
