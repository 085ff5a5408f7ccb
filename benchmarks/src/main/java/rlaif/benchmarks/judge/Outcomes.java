package rlaif.benchmarks.judge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import rlaif.benchmarks.BenchCluster;
import rlaif.events.Judgment;
import rlaif.events.Outcome;
import rlaif.events.Preference;
import rlaif.topics.Codec;
import rlaif.topics.Topic;

/// What comes out of the judge stage, as a read_committed reader sees it.
final class Outcomes implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(5);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Codec<Judgment> judgmentCodec;
    private final Codec<Preference> preferenceCodec;
    private final String judgments;
    private final boolean decode;
    private final Arrivals judgmentArrivals = new Arrivals();
    private final Arrivals preferenceArrivals = new Arrivals();
    private final Map<String, List<Label>> byPair = new HashMap<>();
    private final Map<String, List<Long>> preferencesById = new HashMap<>();
    private long deadLetters;

    /// What was decided about a pair, once for each time it was.
    ///
    /// @param firstProbability NaN: abstained
    /// @param prefers whether a preference follows
    record Label(String id, double firstProbability, boolean prefers) {}

    /// @param decode false: count only
    Outcomes(BenchCluster cluster, boolean decode) {
        this.decode = decode;
        judgmentCodec = cluster.codecs().codec(Topic.JUDGMENTS);
        preferenceCodec = cluster.codecs().codec(Topic.PREFERENCES);
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
        consumer.poll(POLL).forEach(this::take);
        long now = System.nanoTime();
        judgmentArrivals.at(now);
        preferenceArrivals.at(now);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(judgments)) {
            judgmentArrivals.one();
            if (decode) {
                take(judgmentCodec.decode(record.value()));
            }
        } else if (record.topic().endsWith(".dlq")) {
            deadLetters++;
        } else {
            preferenceArrivals.one();
            if (decode) {
                preferencesById
                        .computeIfAbsent(
                                preferenceCodec.decode(record.value()).getId(),
                                _ -> new ArrayList<>(1))
                        .add(System.nanoTime());
            }
        }
    }

    private void take(Judgment judgment) {
        Double probability = judgment.getFirstProbability();
        byPair.computeIfAbsent(judgment.getPairId(), _ -> new ArrayList<>(1))
                .add(
                        new Label(
                                judgment.getId(),
                                probability == null ? Double.NaN : probability,
                                judgment.getOutcome() == Outcome.PREFERRED));
    }

    long judged() {
        return judgmentArrivals.count();
    }

    long deadLetters() {
        return deadLetters;
    }

    long preferences() {
        return preferenceArrivals.count();
    }

    /// Judgments as they came.
    Arrivals judgmentArrivals() {
        return judgmentArrivals;
    }

    /// Preferences as they came.
    Arrivals preferenceArrivals() {
        return preferenceArrivals;
    }

    /// Labels by pair id; empty where only counted.
    Map<String, List<Label>> byPair() {
        return byPair;
    }

    /// When each preference came, `System.nanoTime()`, by its id; empty where only counted.
    Map<String, List<Long>> preferencesById() {
        return preferencesById;
    }

    /// Ids of the judgments that prefer, and of the preferences that follow from them.
    Set<String> preferring() {
        return byPair.values().stream()
                .flatMap(List::stream)
                .filter(Label::prefers)
                .map(Label::id)
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
