package rlaif.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import rlaif.topics.Codecs;
import rlaif.topics.DeadLetter;
import rlaif.topics.DeadLetters;
import rlaif.topics.UnreadableRecordException;

/// One dead letter with all that is known of it: where it came from, why it was refused, its
/// headers, and its record decoded.
final class LetterView {
    private static final int SHOWN_BYTES = 256;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DeadLetter letter;
    private final Codecs codecs;

    LetterView(DeadLetter letter, Codecs codecs) {
        this.letter = letter;
        this.codecs = codecs;
    }

    ObjectNode summary() {
        ObjectNode json =
                JSON.createObjectNode()
                        .put("letter", letter.place().toString())
                        .put("topic", letter.source().shortName())
                        .put("stage", letter.stage())
                        .put("code", letter.code())
                        .put("attempts", letter.attempts())
                        .put("retries", letter.retries())
                        .put("time", letter.time().toString())
                        .put("message", letter.message());
        if (letter.sourcePartition().isPresent() && letter.sourceOffset().isPresent()) {
            json.put("sourcePartition", letter.sourcePartition().getAsInt());
            json.put("sourceOffset", letter.sourceOffset().getAsLong());
        } else {
            json.putNull("sourcePartition").putNull("sourceOffset");
        }
        letter.obstacle()
                .ifPresentOrElse(
                        why -> json.put("cannotRetry", why), () -> json.putNull("cannotRetry"));
        return json;
    }

    ObjectNode toJson() {
        ObjectNode json = summary();
        ObjectNode headers = json.putObject("headers");
        for (Header header : letter.record().headers()) {
            headers.put(header.key(), DeadLetters.text(letter.record().headers(), header.key()));
        }
        json.set("record", record());
        return json;
    }

    void print(PrintWriter out) {
        out.printf("letter     %s%n", letter.place());
        out.printf(
                "record     of %s, partition %s, offset %s, %s%n",
                letter.source().shortName(),
                letter.sourcePartition().isPresent() ? letter.sourcePartition().getAsInt() : "?",
                letter.sourceOffset().isPresent() ? letter.sourceOffset().getAsLong() : "?",
                letter.time());
        out.printf(
                "refused    by %s, %s, after %d attempts, sent back %d times before%n",
                Printable.of(letter.stage()),
                Printable.of(letter.code()),
                letter.attempts(),
                letter.retries());
        out.printf("because    %s%n", Printable.of(letter.message()));
        letter.obstacle().ifPresent(why -> out.println("retry      is not possible: " + why));
        out.println("payload");
        out.println(record().toPrettyString());
        out.println("headers");
        for (Header header : letter.record().headers()) {
            if (!header.key().equals(DeadLetters.STACKTRACE_HEADER)) {
                print(header.key(), out);
            }
        }
        if (letter.record().headers().lastHeader(DeadLetters.STACKTRACE_HEADER) != null) {
            print(DeadLetters.STACKTRACE_HEADER, out);
        }
    }

    private void print(String header, PrintWriter out) {
        out.printf(
                "  %s: %s%n",
                Printable.of(header),
                Printable.lines(DeadLetters.text(letter.record().headers(), header))
                        .strip()
                        .replace("\n", "\n      "));
    }

    /// The record as JSON, or what can be said of bytes that are none.
    private JsonNode record() {
        byte[] value = letter.record().value();
        if (value == null) {
            return JSON.nullNode();
        }
        try {
            SpecificRecord record = codecs.<SpecificRecord>codec(letter.source()).decode(value);
            return JSON.readTree(record.toString());
        } catch (UnreadableRecordException | JsonProcessingException unreadable) {
            return JSON.createObjectNode()
                    .put("unreadable", String.valueOf(unreadable.getMessage()))
                    .put("bytes", value.length)
                    .put(
                            "begins",
                            HexFormat.of()
                                    .formatHex(
                                            Arrays.copyOf(
                                                    value, Math.min(value.length, SHOWN_BYTES))));
        }
    }
}
