package rlaif.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import rlaif.events.AbstainReason;
import rlaif.events.HumanChoice;
import rlaif.events.HumanLabel;
import rlaif.events.Judgment;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// People's labels, and the pairs that wait for them, as JSON lines.
public final class HumanLabelExport {
    private static final JsonMapper JSON = new JsonMapper();

    private final Connection connection;
    private final Codecs codecs;

    public HumanLabelExport(Connection connection, Codecs codecs) {
        this.connection = connection;
        this.codecs = codecs;
    }

    /// Writes every label, later ones of one labeler after earlier ones; gives their number.
    public long writeLabels(Writer out) throws IOException {
        Lines lines = new Lines(out);
        this.<HumanLabel>read(
                Topic.HUMAN_LABELS,
                label ->
                        lines.add(
                                JSON.createObjectNode()
                                        .put("pair", label.getPairId())
                                        .put("prompt", label.getPrompt())
                                        .put("first", label.getFirst())
                                        .put("second", label.getSecond())
                                        .put("choice", written(label.getChoice()))
                                        .put("labeler", label.getLabeler())
                                        .put("comment", label.getComment())
                                        .put("source", label.getSource())
                                        .put("category", label.getCategory())));
        return lines.count;
    }

    /// Writes the pairs that are left to people and that nobody has labelled; gives their number.
    public long writeWaiting(Writer out) throws IOException {
        Set<Id> labelled = new HashSet<>();
        this.<HumanLabel>read(
                Topic.HUMAN_LABELS,
                label -> {
                    if (label.getChoice() != HumanChoice.UNSURE) {
                        labelled.add(Id.of(label.getPairId()));
                    }
                });
        Lines lines = new Lines(out);
        this.<Judgment>read(
                Topic.JUDGMENTS,
                judgment -> {
                    if (judgment.getAbstainReason() == AbstainReason.FOR_PEOPLE
                            && labelled.add(Id.of(judgment.getPairId()))) {
                        lines.add(
                                JSON.createObjectNode()
                                        .put("pair", judgment.getPairId())
                                        .put("prompt", judgment.getPrompt())
                                        .put("first", judgment.getFirst().getCompletion())
                                        .put("second", judgment.getSecond().getCompletion())
                                        .put("category", judgment.getCategory()));
                    }
                });
        return lines.count;
    }

    private static String written(HumanChoice choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    /// What its codec refuses is in no export.
    private <T extends SpecificRecord> void read(Topic topic, Consumer<T> reader)
            throws IOException {
        Codec<T> codec = codecs.codec(topic);
        try (TopicReading reading = new TopicReading(connection)) {
            reading.read(
                    connection.name(topic),
                    true,
                    record -> {
                        T decoded;
                        try {
                            decoded = codec.decode(record.value());
                        } catch (UnreadableRecordException e) {
                            return;
                        }
                        reader.accept(decoded);
                    });
        } catch (UncheckedIOException e) {
            throw new IOException("cannot write the export", e);
        }
    }

    /// The lines written.
    private static final class Lines {
        private final Writer out;
        private long count;

        private Lines(Writer out) {
            this.out = out;
        }

        void add(ObjectNode line) {
            try {
                out.write(JSON.writeValueAsString(line));
                out.write('\n');
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("texts are always JSON", e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            count++;
        }
    }
}
