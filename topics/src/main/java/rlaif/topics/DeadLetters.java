package rlaif.topics;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// Refused records, as they stand in a `.dlq` topic: key, value, headers and time as they came,
/// with six headers that Kafka Streams sets on its own dead letters too, and three of ours.
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

    private static byte @Nullable [] payload(byte @Nullable [] value, String code) {
        boolean dropped =
                value == null || code.equals(TOO_LARGE) || value.length > Topic.MAX_RECORD_BYTES;
        return dropped ? null : value;
    }

    private static void set(Headers headers, String name, String value) {
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
