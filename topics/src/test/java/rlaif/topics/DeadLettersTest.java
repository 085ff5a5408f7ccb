package rlaif.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

final class DeadLettersTest {
    private static final byte[] KEY = {1};

    private final Connection connection = Connection.to("b:1", "http://r:2");

    private static ConsumerRecord<byte[], byte[]> refused(byte[] value) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("traceparent", new byte[] {9});
        return new ConsumerRecord<>(
                "rlaif.pairs.v1",
                3,
                42,
                1_000L,
                TimestampType.CREATE_TIME,
                1,
                value.length,
                KEY,
                value,
                headers,
                Optional.empty());
    }

    private ProducerRecord<byte[], byte[]> letter(byte[] value, String code, Throwable cause) {
        return DeadLetters.of(connection, Topic.PAIRS, refused(value), "judge", code, 5, cause);
    }

    private static Map<String, String> texts(ProducerRecord<byte[], byte[]> letter) {
        Map<String, String> texts = new HashMap<>();
        letter.headers()
                .forEach(h -> texts.put(h.key(), new String(h.value(), StandardCharsets.UTF_8)));
        return texts;
    }

    @Test
    void aDeadLetterIsTheRecordWithItsOriginAndCause() {
        byte[] value = {2, 3};
        ProducerRecord<byte[], byte[]> letter =
                letter(value, "JUDGE_FAILED", new IllegalStateException("no reply"));
        assertThat(letter.topic()).isEqualTo("rlaif.pairs.v1.dlq");
        assertThat(letter.key()).isEqualTo(KEY);
        assertThat(letter.value()).isEqualTo(value);
        assertThat(letter.timestamp()).isEqualTo(1_000L);
        Map<String, String> headers = texts(letter);
        assertThat(headers)
                .containsKey("traceparent")
                .containsEntry("__streams.errors.exception", IllegalStateException.class.getName())
                .containsEntry("__streams.errors.message", "no reply")
                .containsEntry("__streams.errors.topic", "rlaif.pairs.v1")
                .containsEntry("__streams.errors.partition", "3")
                .containsEntry("__streams.errors.offset", "42")
                .containsEntry("rlaif-error-code", "JUDGE_FAILED")
                .containsEntry("rlaif-attempts", "5")
                .containsEntry("rlaif-stage", "judge");
        assertThat(headers.get("__streams.errors.stacktrace")).contains("DeadLettersTest");
    }

    @Test
    void aRecordThatIsTooLargeLeavesItsPayloadBehind() {
        assertThat(letter(new byte[] {2}, DeadLetters.TOO_LARGE, new Exception()).value()).isNull();
        assertThat(
                        letter(new byte[Topic.MAX_RECORD_BYTES + 1], "UNREADABLE", new Exception())
                                .value())
                .isNull();
        assertThat(letter(new byte[Topic.MAX_RECORD_BYTES], "UNREADABLE", new Exception()).value())
                .hasSize(Topic.MAX_RECORD_BYTES);
    }

    @Test
    void aLongMessageIsCutSoThatTheLetterFitsItsTopic() {
        ProducerRecord<byte[], byte[]> letter =
                letter(
                        new byte[Topic.MAX_RECORD_BYTES],
                        "UNREADABLE",
                        new Exception("x".repeat(3_000_000)));
        int bytes = letter.value().length;
        for (String text : texts(letter).values()) {
            bytes += text.length();
        }
        assertThat(bytes).isLessThan(Topic.MAX_DEAD_LETTER_BYTES);
    }

    @Test
    void aSecondRefusalReplacesTheHeadersOfTheFirst() {
        ProducerRecord<byte[], byte[]> first = letter(new byte[] {2}, "FIRST", new Exception());
        ConsumerRecord<byte[], byte[]> again = refused(new byte[] {2});
        first.headers().forEach(again.headers()::add);
        ProducerRecord<byte[], byte[]> second =
                DeadLetters.of(
                        connection, Topic.PAIRS, again, "judge", "SECOND", 1, new Exception());
        assertThat(second.headers().headers("rlaif-error-code")).hasSize(1);
        assertThat(texts(second)).containsEntry("rlaif-error-code", "SECOND");
    }
}
