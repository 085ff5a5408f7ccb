package rlaif.trainers.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import rlaif.topics.PositionLostException;

/// The batches of one topic, polled as they are asked for.
///
/// Owned by one thread. All partitions are assigned, without a group's heartbeat, so that a step
/// may take as long as it likes.
final class Feed<E, X> {
    private static final Duration POLL = Duration.ofMillis(100);

    /// Records of one partition held in memory at most, above which a topic that gives no batch is
    /// taken for broken.
    private static final int LARGEST_BACKLOG_RECORDS = 5_000;

    /// Batches that one partition alone could fill, above which it is not polled.
    private static final int BATCHES_AHEAD = 2;

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final Intake<E, X> intake;
    private final int unitsPerBatch;
    private final Pace pace;
    private final ShareWait wait;
    private final Backlog<E, X> backlog;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final Map<Integer, Long> arrivedNanos = new HashMap<>();
    private final Map<Integer, Long> ends = new HashMap<>();

    Feed(
            Consumer<byte[], byte[]> consumer,
            String topic,
            SortedMap<Integer, Long> positions,
            Intake<E, X> intake,
            int unitsPerBatch,
            Pace pace,
            ShareWait wait) {
        this.consumer = consumer;
        this.topic = topic;
        this.intake = intake;
        this.unitsPerBatch = unitsPerBatch;
        this.pace = pace;
        this.wait = wait;
        this.backlog =
                new Backlog<>(intake, new TreeSet<>(positions.keySet()), pace instanceof Pace.Live);
        positions
                .keySet()
                .forEach(partition -> partitions.add(new TopicPartition(topic, partition)));
        if (pace instanceof Pace.Recorded recorded) {
            ends.putAll(recorded.ends());
        }
        consumer.assign(partitions);
        positions.forEach((partition, position) ->
                consumer.seek(new TopicPartition(topic, partition), position));
    }

    /// The next batch, as soon as the topic holds it, or before it what fills a batch and holds
    /// nothing to train on; empty once `stopped`, or when what is recorded has been used up.
    Optional<Batch<X>> next(BooleanSupplier stopped) {
        long beganNanos = System.nanoTime();
        wait.begin();
        while (!stopped.getAsBoolean()) {
            Shortage shortage = shortage(beganNanos);
            Optional<Batch<X>> passedOver = backlog.passOver(unitsPerBatch, shortage);
            if (passedOver.isPresent()) {
                return passedOver;
            }
            Optional<Batch<X>> batch = backlog.take(unitsPerBatch, shortage);
            if (batch.isPresent() || partitions.stream().allMatch(p -> ended(p.partition()))) {
                return batch;
            }
            if (wait.isDue()) {
                wait.tell(backlog.awaited(unitsPerBatch, shortage));
            }
            poll();
        }
        return Optional.empty();
    }

    /// Tells that these have become dead letters.
    void deadLettered(List<Batch.RefusedRecord> refused) {
        intake.deadLettered(refused.stream().map(Batch.RefusedRecord::refusal).toList());
    }

    /// The group whose positions say what has been consumed.
    ConsumerGroupMetadata group() {
        return consumer.groupMetadata();
    }

    private Shortage shortage(long beganNanos) {
        return switch (pace) {
            case Pace.Live(Duration patience) ->
                    new Shortage() {
                        @Override
                        public boolean mayBeShort(int partition) {
                            return passed(beganNanos, patience);
                        }

                        @Override
                        public boolean mayBeCut(int partition) {
                            return passed(beganNanos, patience)
                                    && passed(
                                            arrivedNanos.getOrDefault(partition, beganNanos),
                                            patience.plus(POLL.multipliedBy(10)));
                        }
                    };
            case Pace.Recorded _ ->
                    new Shortage() {
                        @Override
                        public boolean mayBeShort(int partition) {
                            return ended(partition);
                        }

                        @Override
                        public boolean mayBeCut(int partition) {
                            return ended(partition);
                        }
                    };
        };
    }

    private static boolean passed(long sinceNanos, Duration wait) {
        return System.nanoTime() - sinceNanos >= wait.toNanos();
    }

    private boolean ended(int partition) {
        Long end = ends.get(partition);
        return end != null && consumer.position(new TopicPartition(topic, partition)) >= end;
    }

    private void poll() {
        regulate();
        ConsumerRecords<byte[], byte[]> polled;
        try {
            polled = consumer.poll(POLL);
        } catch (InvalidOffsetException e) {
            throw PositionLostException.of(group().groupId(), consumer, e);
        }
        for (ConsumerRecord<byte[], byte[]> arrived : polled) {
            int partition = arrived.partition();
            if (arrived.offset() < ends.getOrDefault(partition, Long.MAX_VALUE)) {
                backlog.add(partition, Arrival.of(arrived, intake));
                arrivedNanos.put(partition, System.nanoTime());
            }
        }
    }

    /// Lets the partitions rest that hold enough, and ends in words where that gives no batch.
    private void regulate() {
        List<TopicPartition> full =
                partitions.stream().filter(p -> holdsEnough(p.partition())).toList();
        if (full.size() == partitions.size()) {
            throw new IllegalStateException(
                    "%s: %d records a partition give no batch of %d, since too many are refused, stale or held out: look at their scorer, policy, tokenizer and sampling settings"
                            .formatted(topic, LARGEST_BACKLOG_RECORDS, unitsPerBatch));
        }
        consumer.pause(full);
        consumer.resume(partitions.stream().filter(p -> !full.contains(p)).toList());
    }

    private boolean holdsEnough(int partition) {
        return backlog.size(partition) >= LARGEST_BACKLOG_RECORDS
                || backlog.units(partition, BATCHES_AHEAD * unitsPerBatch)
                        == BATCHES_AHEAD * unitsPerBatch;
    }
}
