package rlaif.producers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import rlaif.events.HumanChoice;
import rlaif.events.HumanLabel;
import rlaif.events.Pair;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Ids;
import rlaif.topics.Topic;
import rlaif.topics.TransactionalIdWatch;
import rlaif.topics.UnreadableRecordException;

/// The import of a JSONL file of human labels: each line is matched to the pairs that it means, and
/// what is not on the topic yet is written, in transactions.
///
/// A label's id is a function of pair, labeler and source, so that a second import of the same
/// file, or one after a crash, writes nothing twice; a changed choice is written and supersedes.
/// Memory holds the file's labels, whatever the size of the topics.
public final class HumanLabelImport {
    private static final int LONGEST_LINE_BYTES = 8 << 20;
    private static final int LABELS_PER_TRANSACTION = 500;
    private static final int MOST_ROUNDS = 5;

    private final Connection connection;
    private final Codec<Pair> pairs;
    private final Codec<HumanLabel> labels;
    private final String transactionalId;

    /// What an import came to.
    ///
    /// @param written labels written now
    /// @param known labels that were there already
    /// @param skipped lines that give no label
    public record Imported(long written, long known, long skipped) {}

    public HumanLabelImport(Connection connection, Codecs codecs) {
        this.connection = connection;
        this.pairs = codecs.codec(Topic.PAIRS);
        this.labels = codecs.codec(Topic.HUMAN_LABELS);
        this.transactionalId = connection.group("labels-import");
    }

    /// @param labeler who labelled the lines that name nobody; empty: such a line is skipped
    /// @param source name of the file in every label
    /// @param skipped told of every line that gives no label
    public Imported run(
            Path file, Optional<String> labeler, String source, Consumer<SkippedLine> skipped)
            throws IOException {
        Lines lines = new Lines(file, skipped);
        lines.read(labeler);
        TopicScan.read(
                connection,
                connection.name(Topic.PAIRS),
                record -> {
                    try {
                        lines.match(pairs.decode(record.value()), source);
                    } catch (UnreadableRecordException e) {
                        // the judging stage has refused it
                    }
                });
        Map<String, HumanLabel> wanted = lines.labels();
        long written = write(wanted);
        return new Imported(written, wanted.size() - written, lines.skipped);
    }

    private long write(Map<String, HumanLabel> wanted) {
        try (Admin admin = connection.openAdmin();
                var member =
                        connection.openConsumer(
                                Map.of(ConsumerConfig.GROUP_ID_CONFIG, transactionalId));
                TransactionalWriter writer =
                        new TransactionalWriter(
                                () ->
                                        connection.openProducer(
                                                Map.of(
                                                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                                        transactionalId)),
                                Succession.under(new TransactionalIdWatch(admin, transactionalId)),
                                superseded())) {
            writer.begin(); // what an earlier import left open is decided now
            long missingAtFirst = -1;
            for (int round = 0; round < MOST_ROUNDS; round++) {
                List<HumanLabel> missing = missing(wanted);
                missingAtFirst = missingAtFirst < 0 ? missing.size() : missingAtFirst;
                if (missing.isEmpty() || writeAll(writer, missing, member.groupMetadata())) {
                    return missingAtFirst;
                }
            }
            throw new IllegalStateException(
                    "%d transactions in a row did not commit; import the file again, nothing is written twice"
                            .formatted(MOST_ROUNDS));
        } catch (KafkaException e) {
            throw Fencing.explained(e, superseded());
        }
    }

    private String superseded() {
        return "another import of labels has begun (transactional id %s); import the file again when it has ended, nothing is written twice"
                .formatted(transactionalId);
    }

    private List<HumanLabel> missing(Map<String, HumanLabel> wanted) {
        Map<String, HumanLabel> missing = new LinkedHashMap<>(wanted);
        TopicScan.read(
                connection,
                connection.name(Topic.HUMAN_LABELS),
                record -> {
                    try {
                        HumanLabel known = labels.decode(record.value());
                        HumanLabel same = wanted.get(known.getId());
                        if (same != null) {
                            if (same.equals(known)) {
                                missing.remove(known.getId());
                            } else {
                                missing.put(known.getId(), same);
                            }
                        }
                    } catch (UnreadableRecordException e) {
                        // no label of anybody
                    }
                });
        return List.copyOf(missing.values());
    }

    private boolean writeAll(
            TransactionalWriter writer, List<HumanLabel> missing, ConsumerGroupMetadata member) {
        for (int from = 0; from < missing.size(); from += LABELS_PER_TRANSACTION) {
            int to = Math.min(missing.size(), from + LABELS_PER_TRANSACTION);
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (HumanLabel label : missing.subList(from, to)) {
                records.add(
                        new ProducerRecord<>(
                                connection.name(Topic.HUMAN_LABELS),
                                label.getPromptId().getBytes(StandardCharsets.UTF_8),
                                labels.encode(label)));
            }
            if (!writer.write(records, Map.of(), member)) {
                return false;
            }
        }
        return true;
    }

    /// The lines of one file, by what they are about.
    private static final class Lines {
        private final Path file;
        private final Consumer<SkippedLine> told;
        private final Map<LabelLine.About, List<Line>> waiting = new HashMap<>();
        private final List<Line> all = new ArrayList<>();
        private long skipped;

        private Lines(Path file, Consumer<SkippedLine> told) {
            this.file = file;
            this.told = told;
        }

        /// One line and the labels that it gives, one a pair.
        private record Line(
                long number,
                HumanChoice choice,
                String labeler,
                Optional<String> comment,
                List<HumanLabel> labels) {}

        void read(Optional<String> labeler) throws IOException {
            try (LineFile open = new LineFile(file, LONGEST_LINE_BYTES, false)) {
                for (Optional<LineFile.Line> line = open.next();
                        line.isPresent();
                        line = open.next()) {
                    add(line.get(), labeler);
                }
            }
        }

        private void add(LineFile.Line line, Optional<String> labeler) {
            if (line.tooLong()) {
                skip(line.number(), "longer than %d bytes".formatted(LONGEST_LINE_BYTES));
                return;
            }
            switch (LabelLine.of(line.bytes())) {
                case LabelLine.Blank _ -> {}
                case LabelLine.Malformed(String reason) -> skip(line.number(), reason);
                case LabelLine.Given(var about, var choice, var named, var comment) ->
                        named.or(() -> labeler)
                                .ifPresentOrElse(
                                        who ->
                                                add(
                                                        about,
                                                        new Line(
                                                                line.number(),
                                                                choice,
                                                                who,
                                                                comment,
                                                                new ArrayList<>())),
                                        () ->
                                                skip(
                                                        line.number(),
                                                        "names no labeler; say who with \"labeler\" or --labeler"));
            }
        }

        private void add(LabelLine.About about, Line line) {
            all.add(line);
            waiting.computeIfAbsent(about, _ -> new ArrayList<>()).add(line);
        }

        private void skip(long number, String reason) {
            skipped++;
            told.accept(new SkippedLine(file, number, reason));
        }

        void match(Pair pair, String source) {
            String first = pair.getFirst().getCompletion();
            String second = pair.getSecond().getCompletion();
            give(new LabelLine.About.PairId(pair.getId()), pair, false, source);
            give(new LabelLine.About.Texts(pair.getPrompt(), first, second), pair, false, source);
            if (!first.equals(second)) {
                give(
                        new LabelLine.About.Texts(pair.getPrompt(), second, first),
                        pair,
                        true,
                        source);
            }
        }

        private void give(LabelLine.About about, Pair pair, boolean swapped, String source) {
            for (Line line : waiting.getOrDefault(about, List.of())) {
                line.labels()
                        .add(
                                HumanLabel.newBuilder()
                                        .setId(Ids.humanLabel(pair.getId(), line.labeler(), source))
                                        .setPairId(pair.getId())
                                        .setPromptId(pair.getPromptId())
                                        .setPrompt(pair.getPrompt())
                                        .setCategory(pair.getCategory())
                                        .setFirst(pair.getFirst().getCompletion())
                                        .setSecond(pair.getSecond().getCompletion())
                                        .setLabeler(line.labeler())
                                        .setSource(source)
                                        .setChoice(swapped ? other(line.choice()) : line.choice())
                                        .setComment(line.comment().orElse(null))
                                        .build());
            }
        }

        private static HumanChoice other(HumanChoice choice) {
            return switch (choice) {
                case FIRST -> HumanChoice.SECOND;
                case SECOND -> HumanChoice.FIRST;
                case TIE, UNSURE, UNKNOWN -> choice;
            };
        }

        /// The labels of all lines by id; lines that match no pair, or contradict an earlier one,
        /// are skipped.
        Map<String, HumanLabel> labels() {
            Map<String, HumanLabel> labels = new LinkedHashMap<>();
            for (Line line : all) {
                if (line.labels().isEmpty()) {
                    skip(line.number(), "no pair on the topic has this id or these texts");
                } else if (line.labels().stream()
                        .anyMatch(label -> contradicts(labels.get(label.getId()), label))) {
                    skip(
                            line.number(),
                            "says something else of a pair than an earlier line of the same labeler");
                } else {
                    line.labels().forEach(label -> labels.put(label.getId(), label));
                }
            }
            return labels;
        }

        private static boolean contradicts(
                @org.jspecify.annotations.Nullable HumanLabel earlier, HumanLabel label) {
            return earlier != null && earlier.getChoice() != label.getChoice();
        }
    }
}
