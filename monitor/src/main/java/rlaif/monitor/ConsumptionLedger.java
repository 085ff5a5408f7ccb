package rlaif.monitor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import rlaif.events.Checkpoint;
import rlaif.events.OffsetRange;
import rlaif.events.TrainingStep;

/// Every record of a trainer's topic, and which steps consumed it.
///
/// A step counts once a checkpoint of its run and generation names it or a later one; steps of an
/// older generation beyond its last checkpoint are void, and so are those beyond the version that a
/// later generation goes back to, since a newer one was damaged. What was passed over between two
/// steps needs no checkpoint.
final class ConsumptionLedger {
    /// Records of a step that has learned from none: positions were committed with it.
    private static final int PASSED_OVER = 0;

    private final AuditStage stage;
    private final String topic;
    private final Map<Integer, Long> committed;
    private final Map<Integer, Records> partitions = new TreeMap<>();
    private final List<TrainingStep> steps = new ArrayList<>();
    private final Map<Generation, Long> lastNamedStep = new HashMap<>();
    private final Map<Generation, Long> firstNamedStep = new HashMap<>();
    private long deadLettered;

    private record Generation(String run, int number) {}

    /// @param topic name of the trainer's topic, with its prefix
    /// @param committed position of the trainer's group, by partition
    ConsumptionLedger(AuditStage stage, String topic, Map<Integer, Long> committed) {
        this.stage = stage;
        this.topic = topic;
        this.committed = committed;
    }

    /// @param offset above those added before in this partition
    void in(int partition, long offset, Id id) {
        partitions.computeIfAbsent(partition, _ -> new Records()).add(offset, id);
    }

    void deadLettered() {
        deadLettered++;
    }

    void step(TrainingStep step) {
        boolean ofDpo = step.getTrainer().equals(AuditPlan.DPO);
        if (ofDpo == (stage == AuditStage.PREFERENCES_TO_DPO)
                && step.getConsumed().stream().anyMatch(range -> range.getTopic().equals(topic))) {
            steps.add(step);
        }
    }

    void checkpoint(Checkpoint checkpoint) {
        Generation generation = new Generation(checkpoint.getRun(), checkpoint.getGeneration());
        lastNamedStep.merge(generation, checkpoint.getStep(), Math::max);
        firstNamedStep.merge(generation, checkpoint.getStep(), Math::min);
    }

    StageReport report(Function<Id, String> name) {
        StageTally tally = new StageTally(stage);
        List<TrainingStep> named = steps.stream().filter(this::isNamed).toList();
        long consumed = 0;
        for (Map.Entry<Integer, Records> entry : partitions.entrySet()) {
            consumed += tally(tally, entry.getKey(), entry.getValue(), named, name);
        }
        long dropped =
                named.stream()
                        .flatMap(step -> step.getDropped().values().stream())
                        .mapToLong(Long::longValue)
                        .sum();
        long refused = Math.min(deadLettered, consumed);
        long abstained = Math.clamp(dropped - refused, 0, consumed - refused);
        tally.deadLettered(refused);
        tally.abstained(abstained);
        tally.out(consumed - refused - abstained);
        return tally.report();
    }

    private boolean isNamed(TrainingStep step) {
        Long last = lastNamedStep.get(new Generation(step.getRun(), step.getGeneration()));
        return (step.getRecords() == PASSED_OVER || (last != null && step.getStep() <= last))
                && !isGoneBackFrom(step);
    }

    private boolean isGoneBackFrom(TrainingStep step) {
        return firstNamedStep.entrySet().stream()
                .anyMatch(later ->
                        later.getKey().run().equals(step.getRun())
                                && later.getKey().number() > step.getGeneration()
                                && later.getValue() < step.getStep());
    }

    /// Counts what was not consumed, or twice; gives how many were.
    private long tally(
            StageTally tally,
            int partition,
            Records records,
            List<TrainingStep> named,
            Function<Id, String> name) {
        int[] times = records.timesConsumed(ranges(partition, named));
        long next = committed.getOrDefault(partition, 0L);
        long consumed = 0;
        for (int i = 0; i < times.length; i++) {
            if (times[i] > 0) {
                consumed++;
                if (times[i] > 1) {
                    tally.duplicated(name.apply(records.id(i)), times[i] - 1);
                }
            } else if (records.offset(i) >= next) {
                tally.inFlight();
            } else {
                tally.lost(name.apply(records.id(i)));
            }
        }
        return consumed;
    }

    private List<OffsetRange> ranges(int partition, List<TrainingStep> named) {
        return named.stream()
                .flatMap(step -> step.getConsumed().stream())
                .filter(range -> range.getTopic().equals(topic))
                .filter(range -> range.getPartition() == partition)
                .toList();
    }

    /// The records of one partition in offset order, 24 bytes each.
    private static final class Records {
        private static final int LONGS = 3;
        private long[] longs = new long[LONGS * 256];
        private int size;

        void add(long offset, Id id) {
            if (size * LONGS == longs.length) {
                longs = Arrays.copyOf(longs, longs.length * 2);
            }
            longs[size * LONGS] = offset;
            longs[size * LONGS + 1] = id.high();
            longs[size * LONGS + 2] = id.low();
            size++;
        }

        long offset(int i) {
            return longs[i * LONGS];
        }

        Id id(int i) {
            return new Id(longs[i * LONGS + 1], longs[i * LONGS + 2]);
        }

        int[] timesConsumed(List<OffsetRange> ranges) {
            int[] change = new int[size + 1];
            for (OffsetRange range : ranges) {
                change[indexOf(range.getFrom())]++;
                change[indexOf(range.getTo())]--;
            }
            int[] times = new int[size];
            int now = 0;
            for (int i = 0; i < size; i++) {
                now += change[i];
                times[i] = now;
            }
            return times;
        }

        /// Index of the first record at or above `offset`.
        private int indexOf(long offset) {
            int from = 0;
            int to = size;
            while (from < to) {
                int middle = (from + to) >>> 1;
                if (offset(middle) < offset) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from;
        }
    }
}
