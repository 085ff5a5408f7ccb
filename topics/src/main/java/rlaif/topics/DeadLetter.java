package rlaif.topics;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// A refused record as it waits in its `.dlq` topic.
///
/// @param source topic that it was refused from
/// @param record as it stands in the `.dlq` topic
public record DeadLetter(Topic source, ConsumerRecord<byte[], byte[]> record) {

    /// Where a letter stands: the short name of its source topic, partition and offset of the
    /// `.dlq` topic, written `pairs-3@42`.
    public record Place(Topic source, int partition, long offset) {
        @Override
        public String toString() {
            return "%s-%d@%d".formatted(source.shortName(), partition, offset);
        }
    }

    public Place place() {
        return new Place(source, record.partition(), record.offset());
    }

    /// The refused record's own time.
    public Instant time() {
        return Instant.ofEpochMilli(record.timestamp());
    }

    /// Stage that refused it; empty where it does not say.
    public String stage() {
        return text(DeadLetters.STAGE_HEADER);
    }

    /// Why, in capitals; empty where it does not say.
    public String code() {
        return text(DeadLetters.CODE_HEADER);
    }

    public String message() {
        return text(DeadLetters.MESSAGE_HEADER);
    }

    /// How often the record was tried.
    public int attempts() {
        return number(DeadLetters.ATTEMPTS_HEADER);
    }

    /// How often the record had been sent back before it was refused again.
    public int retries() {
        return number(DeadLetters.RETRY_HEADER);
    }

    /// Partition of the source topic that it stood in.
    public OptionalInt sourcePartition() {
        String partition = text(DeadLetters.PARTITION_HEADER);
        return partition.matches("\\d{1,9}")
                ? OptionalInt.of(Integer.parseInt(partition))
                : OptionalInt.empty();
    }

    /// Offset in the source topic that it stood at.
    public OptionalLong sourceOffset() {
        String offset = text(DeadLetters.OFFSET_HEADER);
        return offset.matches("\\d{1,18}")
                ? OptionalLong.of(Long.parseLong(offset))
                : OptionalLong.empty();
    }

    /// Whether only the account of it is left.
    public boolean isPurged() {
        return text(DeadLetters.MARK_HEADER).equals(DeadLetters.PURGED);
    }

    /// Why it cannot be sent back; empty: it can.
    public Optional<String> obstacle() {
        if (isPurged()) {
            return Optional.of("it was purged, only its account is left");
        }
        if (record.value() == null) {
            return Optional.of(
                    code().equals(DeadLetters.TOO_LARGE)
                            ? "its record was larger than the topic takes and was not kept"
                            : "it has no payload");
        }
        if (stage().isEmpty()) {
            return Optional.of("it does not name the stage that refused it");
        }
        return Optional.empty();
    }

    private int number(String header) {
        String text = text(header);
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    private String text(String header) {
        return DeadLetters.text(record.headers(), header);
    }
}
