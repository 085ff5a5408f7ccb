package rlaif.processors;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.api.Record;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.OversizedRecordException;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// Makes the dead letters of one stage.
record Refusals(Connection connection, Topic source, String stage) {

    /// The dead letter of a record, with the code of its cause.
    ///
    /// @param attempts how often it was tried; 0: not at all
    Record<byte[], byte[]> deadLetter(SourceRecord refused, int attempts, RuntimeException cause) {
        String code =
                switch (cause) {
                    case RefusedRecordException refusal -> refusal.code();
                    case UnreadableRecordException _ -> DeadLetters.UNREADABLE;
                    case OversizedRecordException _ -> DeadLetters.TOO_LARGE;
                    default -> RefusedRecordException.INTERNAL;
                };
        ProducerRecord<byte[], byte[]> letter =
                DeadLetters.of(connection, source, consumed(refused), stage, code, attempts, cause);
        return new Record<>(
                letter.key(), letter.value(), Math.max(0, refused.timestamp()), letter.headers());
    }

    /// The dead letters of a group that is refused as a whole.
    List<Record<byte[], byte[]>> deadLetters(
            RolloutGroup refused, int attempts, RuntimeException cause) {
        return refused.members().stream()
                .map(member -> deadLetter(member.source(), attempts, cause))
                .toList();
    }

    private static ConsumerRecord<byte[], byte[]> consumed(SourceRecord refused) {
        return new ConsumerRecord<>(
                refused.topic(),
                refused.partition(),
                refused.offset(),
                refused.timestamp(),
                TimestampType.CREATE_TIME,
                refused.key() == null ? ConsumerRecord.NULL_SIZE : refused.key().length,
                refused.value() == null ? ConsumerRecord.NULL_SIZE : refused.value().length,
                refused.key(),
                refused.value(),
                new RecordHeaders(refused.headers()),
                Optional.empty());
    }
}
