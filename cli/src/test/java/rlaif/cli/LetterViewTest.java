package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetter;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;

class LetterViewTest {
    @Test
    void causeAndPayloadComeFirstAndTheStackTraceLast() {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("rlaif.pairs.v1.dlq", 3, 42, null, null);
        Map.of(
                        DeadLetters.STACKTRACE_HEADER,
                        "rlaif.SomeException: no\n\tat rlaif.Somewhere",
                        DeadLetters.MESSAGE_HEADER,
                        "the judge refused it",
                        DeadLetters.STAGE_HEADER,
                        "judging")
                .forEach((key, value) ->
                        record.headers().add(key, value.getBytes(StandardCharsets.UTF_8)));
        Connection connection =
                new Connection(
                        Map.of(
                                "kafka.bootstrap.servers",
                                "localhost:1",
                                "schema.registry.url",
                                "http://localhost:1"),
                        "");
        StringWriter out = new StringWriter();
        try (Codecs codecs = new Codecs(connection)) {
            new LetterView(new DeadLetter(Topic.PAIRS, record), codecs)
                    .print(new PrintWriter(out, true));
        }

        assertThat(out.toString())
                .containsSubsequence(
                        "letter     pairs-3@42",
                        "because    the judge refused it",
                        "payload",
                        "headers",
                        DeadLetters.STAGE_HEADER + ": judging",
                        DeadLetters.STACKTRACE_HEADER)
                .containsOnlyOnce("rlaif.Somewhere")
                .endsWith("at rlaif.Somewhere" + System.lineSeparator());
    }
}
