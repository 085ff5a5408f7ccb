package rlaif.monitor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import rlaif.events.LabelStats;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// Label statistics as they stand: of each group and window what was said last.
public final class LabelStatsReading {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Connection connection;
    private final Codec<LabelStats> codec;
    private final Map<Of, LabelStats> latest = new LinkedHashMap<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();

    /// What a record is about.
    private record Of(
            long windowStart,
            String judge,
            String principle,
            String constitutionId,
            int constitutionVersion,
            String policy,
            String policyVersion) {
        static Of record(LabelStats stats) {
            return new Of(
                    stats.getWindowStart(),
                    stats.getJudge(),
                    stats.getPrinciple(),
                    stats.getConstitutionId(),
                    stats.getConstitutionVersion(),
                    stats.getPolicy(),
                    String.valueOf(stats.getPolicyVersion()));
        }
    }

    public LabelStatsReading(Connection connection, Codecs codecs) {
        this.connection = connection;
        this.codec = codecs.codec(Topic.LABEL_STATS);
    }

    /// Reads to where the topic ends now. The oldest window first.
    public List<LabelStats> read() {
        latest.clear();
        next.clear();
        try (TopicReading reading = new TopicReading(connection)) {
            reading.read(
                    connection.name(Topic.LABEL_STATS),
                    false,
                    record -> {
                        next.put(
                                new TopicPartition(record.topic(), record.partition()),
                                record.offset() + 1);
                        take(record.value());
                    });
        }
        List<LabelStats> all = new ArrayList<>(latest.values());
        all.sort(
                Comparator.comparingLong(LabelStats::getWindowStart)
                        .thenComparing(LabelStats::getJudge)
                        .thenComparing(LabelStats::getPrinciple)
                        .thenComparing(stats -> String.valueOf(stats.getPolicyVersion())));
        return all;
    }

    private void take(byte[] value) {
        try {
            LabelStats stats = codec.decode(value);
            latest.put(Of.record(stats), stats);
        } catch (UnreadableRecordException e) {
            // Whoever wrote it is not this system; it is in no report.
        }
    }

    /// Gives every record that came after those that were read, until told to stop.
    public void follow(Consumer<LabelStats> reader, BooleanSupplier stopped) {
        try (TopicReading reading = new TopicReading(connection)) {
            KafkaConsumer<byte[], byte[]> consumer = reading.consumer();
            List<TopicPartition> partitions =
                    reading.partitions(List.of(connection.name(Topic.LABEL_STATS)));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            next.forEach(consumer::seek);
            while (!stopped.getAsBoolean()) {
                consumer.poll(POLL)
                        .forEach(record -> {
                            try {
                                reader.accept(codec.decode(record.value()));
                            } catch (UnreadableRecordException e) {
                                // Whoever wrote it is not this system.
                            }
                        });
            }
        }
    }
}
