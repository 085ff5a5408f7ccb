package rlaif.trainers.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import rlaif.events.Checkpoint;
import rlaif.events.OffsetRange;

/// How far a run of training has come.
///
/// @param generation how many times the trainer had been started in this run before
/// @param step optimizer steps taken
/// @param consumed by partition, from the first record of the run to where the next step goes on
public record Standing(
        String run, int generation, long step, SortedMap<Integer, Batch.Offsets> consumed) {

    /// Where a trainer of `topic` stands that goes on from `head`; empty: no version is announced.
    static Standing at(
            Optional<Checkpoint> head,
            Lineage lineage,
            TrainerIdentity identity,
            String topic,
            GroupPositions committed) {
        if (head.isPresent() && isOf(topic, head.get())) {
            return after(head.get(), topic, committed);
        }
        return lineage.newestOf(topic, Long.MAX_VALUE)
                .map(last -> again(last, committed.offsets()))
                .orElseGet(() -> first(identity.run(), committed.offsets()));
    }

    /// At the start of a run, before the records at `positions`.
    public static Standing first(String run, SortedMap<Integer, Long> positions) {
        return new Standing(run, 0, 0, nothingFrom(positions));
    }

    /// Before the records at `positions`, where another trainer has moved the policy since the run
    /// announced `last`: its steps are counted on, so that none is named as an earlier one.
    private static Standing again(Checkpoint last, SortedMap<Integer, Long> positions) {
        return new Standing(
                last.getRun(), last.getGeneration() + 1, last.getStep(), nothingFrom(positions));
    }

    /// Where `head` left the run, in the generation after it.
    ///
    /// @param committed must be the positions that `head` names, or those to which its trainer has
    ///   passed over records since
    static Standing after(Checkpoint head, String topic, GroupPositions committed) {
        SortedMap<Integer, Long> positions = committed.offsets();
        SortedMap<Integer, Batch.Offsets> consumed = nothingFrom(positions);
        for (OffsetRange range : head.getConsumed()) {
            if (!range.getTopic().equals(topic)) {
                continue;
            }
            Long position = positions.get(range.getPartition());
            if (position == null
                    || (position != range.getTo()
                            && !(position > range.getTo() && committed.passedOverSince(head)))) {
                throw new IllegalStateException(
                        "%s version %d of policy %s consumed partition %d of %s up to offset %d, but its group has committed %s: set the group's offset to what the checkpoint names"
                                .formatted(
                                        TrainerIdentity.written(head.getRole()),
                                        head.getVersion(),
                                        head.getPolicy(),
                                        range.getPartition(),
                                        topic,
                                        range.getTo(),
                                        position == null ? "nothing" : position));
            }
            consumed.put(range.getPartition(), new Batch.Offsets(range.getFrom(), position));
        }
        return new Standing(head.getRun(), head.getGeneration() + 1, head.getStep(), consumed);
    }

    /// Whether `head` ends steps of a trainer of `topic`, rather than of another one.
    public static boolean isOf(String topic, Checkpoint head) {
        return head.getConsumed().stream().anyMatch(range -> range.getTopic().equals(topic));
    }

    private static SortedMap<Integer, Batch.Offsets> nothingFrom(
            SortedMap<Integer, Long> positions) {
        SortedMap<Integer, Batch.Offsets> nothing = new TreeMap<>();
        positions.forEach((partition, position) ->
                nothing.put(partition, new Batch.Offsets(position, position)));
        return nothing;
    }

    /// One step later, `batch` consumed.
    public Standing advance(Batch<?> batch) {
        return new Standing(run, generation, step + 1, beyond(batch));
    }

    /// After the same step, records consumed that no step has learned from.
    Standing passOver(Batch<?> passedOver) {
        return new Standing(run, generation, step, beyond(passedOver));
    }

    private SortedMap<Integer, Batch.Offsets> beyond(Batch<?> batch) {
        SortedMap<Integer, Batch.Offsets> advanced = new TreeMap<>(consumed);
        batch.consumed()
                .forEach((partition, taken) ->
                        advanced.merge(
                                partition,
                                taken,
                                (before, now) -> new Batch.Offsets(before.from(), now.to())));
        return advanced;
    }

    /// Where the next step goes on, by partition.
    public SortedMap<Integer, Long> positions() {
        SortedMap<Integer, Long> positions = new TreeMap<>();
        consumed.forEach((partition, offsets) -> positions.put(partition, offsets.to()));
        return positions;
    }

    /// Offsets of `topic` as records carry them, partitions in ascending order.
    public static List<OffsetRange> ranges(
            String topic, SortedMap<Integer, Batch.Offsets> offsets) {
        List<OffsetRange> ranges = new ArrayList<>();
        offsets.forEach((partition, range) ->
                ranges.add(new OffsetRange(topic, partition, range.from(), range.to())));
        return ranges;
    }
}
