package rlaif.topics;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// Refused records, as they stand in a `.dlq` topic: key, value, headers and time as they came,
/// with six headers that Kafka Streams sets on its own dead letters too, and three of ours.
///
/// Among them stand marks, which have no value and say of an earlier letter of their partition that
/// it counts no more: it was sent back to its topic, or it was purged and the mark is its account.
public final class DeadLetters {
    /// Code of a record that is larger than its topic takes; its dead letter has no payload.
    public static final String TOO_LARGE = "TOO_LARGE";

    /// Code of bytes that are no record of their topic.
    public static final String UNREADABLE = "UNREADABLE";

    public static final String EXCEPTION_HEADER = "__streams.errors.exception";
    public static final String STACKTRACE_HEADER = "__streams.errors.stacktrace";
    public static final String MESSAGE_HEADER = "__streams.errors.message";
    public static final String TOPIC_HEADER = "__streams.errors.topic";
    public static final String PARTITION_HEADER = "__streams.errors.partition";
    public static final String OFFSET_HEADER = "__streams.errors.offset";
    public static final String CODE_HEADER = "rlaif-error-code";
    public static final String ATTEMPTS_HEADER = "rlaif-attempts";
    public static final String STAGE_HEADER = "rlaif-stage";

    /// On a record that was sent back: how often that was done, from 1.
    public static final String RETRY_HEADER = "rlaif-retry";

    /// On a record that was sent back: the stage that refused it, the only one that reads it again.
    public static final String RETRY_STAGE_HEADER = "rlaif-retry-stage";

    /// On a record that was sent back: `partition@offset` where it first stood in its topic.
    public static final String RETRY_OF_HEADER = "rlaif-retry-of";

    /// On a mark: `retried` or `purged`.
    public static final String MARK_HEADER = "rlaif-dlq-mark";

    /// On a mark: offset, in its own partition, of the letter that counts no more.
    public static final String REPLACES_HEADER = "rlaif-dlq-replaces";

    static final String RETRIED = "retried";
    static final String PURGED = "purged";

    private static final int MAX_TEXT_CHARACTERS = 4096;

    private DeadLetters() {}

    /// The dead letter of `refused`, a record of `source`.
    ///
    /// @param stage the stage that refused it, by its role
    /// @param code the reason, in capitals
    /// @param attempts how often it was tried, from 1; 0: not at all
    public static ProducerRecord<byte[], byte[]> of(
            Connection connection,
            Topic source,
            ConsumerRecord<byte[], byte[]> refused,
            String stage,
            String code,
            int attempts,
            Throwable cause) {
        Headers headers = new RecordHeaders(refused.headers());
        set(headers, EXCEPTION_HEADER, cause.getClass().getName());
        set(headers, STACKTRACE_HEADER, stackTrace(cause));
        set(headers, MESSAGE_HEADER, Objects.requireNonNullElse(cause.getMessage(), ""));
        set(headers, TOPIC_HEADER, refused.topic());
        set(headers, PARTITION_HEADER, Integer.toString(refused.partition()));
        set(headers, OFFSET_HEADER, Long.toString(refused.offset()));
        set(headers, CODE_HEADER, code);
        set(headers, ATTEMPTS_HEADER, Integer.toString(attempts));
        set(headers, STAGE_HEADER, stage);
        return new ProducerRecord<>(
                connection.deadLetters(source),
                null,
                refused.timestamp() < 0 ? null : refused.timestamp(),
                refused.key(),
                payload(refused.value(), code),
                headers);
    }

    /// Whether a stage is meant by a record: all are, unless it was sent back to the one that
    /// refused it.
    public static boolean isFor(Headers headers, String stage) {
        String only = text(headers, RETRY_STAGE_HEADER);
        return only.isEmpty() || only.equals(stage);
    }

    /// Offset of the letter that a mark takes out of the count; empty: the record is no mark.
    public static OptionalLong replaced(Headers headers) {
        String offset = text(headers, REPLACES_HEADER);
        return offset.matches("\\d{1,18}")
                ? OptionalLong.of(Long.parseLong(offset))
                : OptionalLong.empty();
    }

    /// Whether a record of a `.dlq` topic is the mark of a letter that was sent back; it is no
    /// letter then.
    public static boolean isRetriedMark(Headers headers) {
        return text(headers, MARK_HEADER).equals(RETRIED);
    }

    /// Whether a header of this name says why and where a record was refused, and is none of its
    /// own.
    static boolean isOurs(String header) {
        return header.startsWith("__streams.errors.")
                || header.equals(CODE_HEADER)
                || header.equals(ATTEMPTS_HEADER)
                || header.equals(STAGE_HEADER);
    }

    /// A header as text; empty where it is missing.
    public static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null
                ? ""
                : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] payload(byte @Nullable [] value, String code) {
        boolean dropped =
                value == null || code.equals(TOO_LARGE) || value.length > Topic.MAX_RECORD_BYTES;
        return dropped ? null : value;
    }

    static void set(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, cut(value).getBytes(StandardCharsets.UTF_8));
    }

    private static String stackTrace(Throwable cause) {
        StringWriter text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT_CHARACTERS ? text : text.substring(0, MAX_TEXT_CHARACTERS);
    }
}
