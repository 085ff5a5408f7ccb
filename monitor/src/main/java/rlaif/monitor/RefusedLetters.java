package rlaif.monitor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetter;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;

/// The dead letters of one topic that count at one moment: without those that a mark takes out.
final class RefusedLetters {
    private final Map<Offset, Letter> letters = new LinkedHashMap<>();
    private final Map<Offset, Boolean> replaced = new HashMap<>(); // true: it was sent back

    private record Offset(int partition, long offset) {}

    /// One letter.
    ///
    /// @param stage that refused the record
    /// @param source where the record stood
    /// @param value its payload, kept where its place is not said
    /// @param place where the letter stands
    @SuppressWarnings("ArrayRecordComponent") // bytes are handed on and never changed
    record Letter(
            int partition,
            long offset,
            String stage,
            Optional<AuditInput.Place> source,
            byte @Nullable [] value,
            String place) {}

    private RefusedLetters() {}

    static RefusedLetters read(TopicReading reading, Connection connection, Topic topic) {
        RefusedLetters refused = new RefusedLetters();
        reading.read(connection.deadLetters(topic), false, record -> refused.take(topic, record));
        return refused;
    }

    private void take(Topic topic, ConsumerRecord<byte[], byte[]> record) {
        OptionalLong taken = DeadLetters.replaced(record.headers());
        boolean retried = DeadLetters.isRetriedMark(record.headers());
        if (taken.isPresent()) {
            replaced.put(new Offset(record.partition(), taken.getAsLong()), retried);
        }
        if (!retried) {
            DeadLetter letter = new DeadLetter(topic, record);
            Optional<AuditInput.Place> source = source(letter);
            letters.put(
                    new Offset(record.partition(), record.offset()),
                    new Letter(
                            record.partition(),
                            record.offset(),
                            letter.stage(),
                            source,
                            source.isPresent() ? null : record.value(),
                            letter.place().toString()));
        }
    }

    private static Optional<AuditInput.Place> source(DeadLetter letter) {
        if (letter.sourcePartition().isEmpty() || letter.sourceOffset().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new AuditInput.Place(
                        letter.source(),
                        letter.sourcePartition().getAsInt(),
                        letter.sourceOffset().getAsLong()));
    }

    /// Gives each letter that counts.
    void forEach(Consumer<Letter> reader) {
        Set<Offset> out = new HashSet<>(replaced.keySet());
        letters.forEach((at, letter) -> {
            if (!out.contains(at)) {
                reader.accept(letter);
            }
        });
    }

    /// Whether a letter was sent back by now.
    boolean isRetried(Letter letter) {
        return replaced.getOrDefault(new Offset(letter.partition(), letter.offset()), false);
    }
}
