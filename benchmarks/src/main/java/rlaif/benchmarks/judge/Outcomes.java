package rlaif.benchmarks.judge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import rlaif.benchmarks.BenchCluster;
import rlaif.events.Judgment;
import rlaif.topics.Codec;
import rlaif.topics.Topic;

/// What comes out of the judge stage, as a read_committed reader sees it.
final class Outcomes implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(5);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Codec<Judgment> codec;
    private final String judgments;
    private final boolean decode;
    private final List<Arrival> arrivals = new ArrayList<>();
    private final Map<String, List<Label>> byPair = new HashMap<>();
    private long judged;
    private long deadLetters;
    private long preferences;

    /// How many judgments had come at a time.
    ///
    /// @param nanos `System.nanoTime()`
    record Arrival(long nanos, long judged) {}

    /// What was decided about a pair, once for each time it was.
    ///
    /// @param firstProbability NaN: abstained
    record Label(String id, double firstProbability, long nanos) {}

    /// @param decode false: count only
    Outcomes(BenchCluster cluster, boolean decode) {
        this.decode = decode;
        codec = cluster.codecs().codec(Topic.JUDGMENTS);
        judgments = cluster.connection().name(Topic.JUDGMENTS);
        consumer =
                cluster.connection()
                        .openConsumer(Map.of("fetch.min.bytes", 1, "max.poll.records", 5_000));
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic :
                List.of(
                        judgments,
                        cluster.connection().name(Topic.PREFERENCES),
                        cluster.connection().deadLetters(Topic.PAIRS))) {
            consumer.partitionsFor(topic)
                    .forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /// Reads until `enough` or the time is up; true where it was enough.
    boolean readUntil(BooleanSupplier enough, Duration longest) {
        long end = System.nanoTime() + longest.toNanos();
        while (!enough.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            read();
        }
        return true;
    }

    private void read() {
        long before = judged;
        consumer.poll(POLL).forEach(this::take);
        if (judged > before) {
            arrivals.add(new Arrival(System.nanoTime(), judged));
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(judgments)) {
            judged++;
            if (decode) {
                Judgment judgment = codec.decode(record.value());
                Double probability = judgment.getFirstProbability();
                byPair.computeIfAbsent(judgment.getPairId(), _ -> new ArrayList<>(1))
                        .add(
                                new Label(
                                        judgment.getId(),
                                        probability == null ? Double.NaN : probability,
                                        System.nanoTime()));
            }
        } else if (record.topic().endsWith(".dlq")) {
            deadLetters++;
        } else {
            preferences++;
        }
    }

    long judged() {
        return judged;
    }

    long deadLetters() {
        return deadLetters;
    }

    long preferences() {
        return preferences;
    }

    /// Labels by pair id; empty where only counted.
    Map<String, List<Label>> byPair() {
        return byPair;
    }

    /// Judgments a second, by least squares over the arrivals between two shares of `total`, so
    /// that neither the start nor the emptying at the end is in it, and commits that come in bursts
    /// do no harm.
    double rate(long total, double fromShare, double toShare) {
        List<Arrival> middle =
                arrivals.stream()
                        .filter(a ->
                                a.judged() >= fromShare * total && a.judged() <= toShare * total)
                        .toList();
        if (middle.size() < 3) {
            return Double.NaN;
        }
        double meanSeconds = middle.stream().mapToDouble(a -> a.nanos() / 1e9).average().orElse(0);
        double meanJudged = middle.stream().mapToDouble(Arrival::judged).average().orElse(0);
        double covariance = 0;
        double variance = 0;
        for (Arrival arrival : middle) {
            double seconds = arrival.nanos() / 1e9 - meanSeconds;
            covariance += seconds * (arrival.judged() - meanJudged);
            variance += seconds * seconds;
        }
        return covariance / variance;
    }

    /// Judgments a second from the first arrival to the last.
    double meanRate() {
        if (arrivals.size() < 2) {
            return Double.NaN;
        }
        Arrival first = arrivals.getFirst();
        Arrival last = arrivals.getLast();
        return (last.judged() - first.judged()) / ((last.nanos() - first.nanos()) / 1e9);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
