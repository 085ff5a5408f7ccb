package rlaif.topics;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// Sends dead letters back to where they came from, and clears them away, each exactly once.
///
/// A record that is sent back and the mark that takes its letter out of the count are one
/// transaction. Whoever comes second fences the first, and reads what the first had committed.
public final class DeadLetterDesk {
    private static final int MOST_IN_A_TRANSACTION = 200;
    private static final long MOST_BYTES_IN_A_TRANSACTION = 16L << 20;

    private final Connection connection;

    public DeadLetterDesk(Connection connection) {
        this.connection = connection;
    }

    /// What was asked for and what came of it.
    ///
    /// @param done letters sent back or cleared away
    /// @param left letters that were chosen and could not be sent back, or whose account is kept
    public record Result(long done, long left) {}

    /// Hears of each letter that cannot be sent back.
    @FunctionalInterface
    public interface Obstacles {
        void cannot(DeadLetter letter, String why);
    }

    /// Sends the chosen letters back: key, value, time and headers as they first were, into the
    /// partition they came from, for the stage that refused them alone.
    public Result retry(
            Collection<Topic> sources, Predicate<DeadLetter> chosen, Obstacles obstacles) {
        long[] left = {0};
        try (DeadLetterLog log = new DeadLetterLog(connection);
                Writer writer = new Writer()) {
            log.read(
                    sources,
                    letter -> {
                        if (!chosen.test(letter)) {
                            return;
                        }
                        letter.obstacle()
                                .ifPresentOrElse(
                                        why -> {
                                            left[0]++;
                                            obstacles.cannot(letter, why);
                                        },
                                        () -> {
                                            writer.send(sentBack(letter), mark(letter));
                                        });
                    },
                    _ -> {});
            writer.commit();
            return new Result(writer.letters(), left[0]);
        }
    }

    private ProducerRecord<byte[], byte[]> sentBack(DeadLetter letter) {
        Headers headers = new RecordHeaders(letter.record().headers());
        for (Header header : letter.record().headers()) {
            if (DeadLetters.isOurs(header.key())) {
                headers.remove(header.key());
            }
        }
        DeadLetters.set(headers, DeadLetters.RETRY_HEADER, Integer.toString(letter.retries() + 1));
        DeadLetters.set(headers, DeadLetters.RETRY_STAGE_HEADER, letter.stage());
        OptionalInt partition = letter.sourcePartition();
        if (headers.lastHeader(DeadLetters.RETRY_OF_HEADER) == null
                && partition.isPresent()
                && letter.sourceOffset().isPresent()) {
            DeadLetters.set(
                    headers,
                    DeadLetters.RETRY_OF_HEADER,
                    partition.getAsInt() + "@" + letter.sourceOffset().getAsLong());
        }
        return new ProducerRecord<>(
                connection.name(letter.source()),
                partition.isPresent() ? partition.getAsInt() : null,
                Math.max(0, letter.record().timestamp()),
                letter.record().key(),
                letter.record().value(),
                headers);
    }

    private ProducerRecord<byte[], byte[]> mark(DeadLetter letter) {
        Headers headers = new RecordHeaders();
        DeadLetters.set(headers, DeadLetters.MARK_HEADER, DeadLetters.RETRIED);
        DeadLetters.set(headers, DeadLetters.CODE_HEADER, letter.code());
        return mark(letter, System.currentTimeMillis(), headers);
    }

    private static ProducerRecord<byte[], byte[]> mark(
            DeadLetter letter, long timestamp, Headers headers) {
        for (String copied :
                new String[] {
                    DeadLetters.STAGE_HEADER,
                    DeadLetters.TOPIC_HEADER,
                    DeadLetters.PARTITION_HEADER,
                    DeadLetters.OFFSET_HEADER
                }) {
            Header header = letter.record().headers().lastHeader(copied);
            if (header != null) {
                headers.add(header);
            }
        }
        DeadLetters.set(
                headers, DeadLetters.REPLACES_HEADER, Long.toString(letter.record().offset()));
        return new ProducerRecord<>(
                letter.record().topic(),
                letter.record().partition(),
                timestamp,
                letter.record().key(),
                null,
                headers);
    }

    /// Deletes everything in a partition of a `.dlq` topic up to and with an offset. A letter whose
    /// record still stands in its topic leaves an account behind, without payload, so that an audit
    /// still knows what became of the record.
    ///
    /// @return letters deleted, and accounts kept
    public Result purge(Topic source, int partition, long upTo) {
        TopicPartition letters = new TopicPartition(connection.deadLetters(source), partition);
        long[] deleted = {0};
        Map<TopicPartition, Long> starts = new HashMap<>();
        try (DeadLetterLog log = new DeadLetterLog(connection);
                Writer writer = new Writer()) {
            log.read(
                    source,
                    letters,
                    letter -> {
                        if (letter.record().offset() > upTo) {
                            return;
                        }
                        deleted[0]++;
                        if (isStillThere(log, starts, letter)) {
                            writer.send(account(letter));
                        }
                    },
                    _ -> {});
            writer.commit();
            Answers.of(
                    log.admin()
                            .deleteRecords(Map.of(letters, RecordsToDelete.beforeOffset(upTo + 1)))
                            .all(),
                    "to delete up to " + letters + "@" + upTo);
            return new Result(deleted[0], writer.letters());
        }
    }

    private boolean isStillThere(
            DeadLetterLog log, Map<TopicPartition, Long> starts, DeadLetter letter) {
        if (letter.sourcePartition().isEmpty() || letter.sourceOffset().isEmpty()) {
            return true;
        }
        TopicPartition place =
                new TopicPartition(
                        connection.name(letter.source()), letter.sourcePartition().getAsInt());
        long start = starts.computeIfAbsent(place, log::start);
        return letter.sourceOffset().getAsLong() >= start;
    }

    private static ProducerRecord<byte[], byte[]> account(DeadLetter letter) {
        Headers headers = new RecordHeaders();
        DeadLetters.set(headers, DeadLetters.MARK_HEADER, DeadLetters.PURGED);
        for (String kept : new String[] {DeadLetters.CODE_HEADER, DeadLetters.ATTEMPTS_HEADER}) {
            Header header = letter.record().headers().lastHeader(kept);
            if (header != null) {
                headers.add(header);
            }
        }
        DeadLetters.set(headers, DeadLetters.MESSAGE_HEADER, letter.message());
        return mark(letter, Math.max(0, letter.record().timestamp()), headers);
    }

    /// The one writer of marks: what belongs to a letter goes into one transaction.
    private final class Writer implements AutoCloseable {
        private final KafkaProducer<byte[], byte[]> producer;
        private int open;
        private long openBytes;
        private long letters;

        Writer() {
            producer =
                    connection.openProducer(
                            Map.of("transactional.id", connection.group("operator-dlq")));
            producer.initTransactions();
        }

        @SafeVarargs
        private void send(ProducerRecord<byte[], byte[]>... ofOneLetter) {
            inTurn(() -> {
                if (open == 0) {
                    producer.beginTransaction();
                }
                for (ProducerRecord<byte[], byte[]> record : ofOneLetter) {
                    // A failure to send fails the commit.
                    var _ = producer.send(record);
                    openBytes += record.value() == null ? 0 : record.value().length;
                }
                open++;
            });
            if (open >= MOST_IN_A_TRANSACTION || openBytes >= MOST_BYTES_IN_A_TRANSACTION) {
                commit();
            }
        }

        void commit() {
            if (open > 0) {
                inTurn(producer::commitTransaction);
                letters += open;
                open = 0;
                openBytes = 0;
            }
        }

        private void inTurn(Runnable write) {
            try {
                write.run();
            } catch (KafkaException e) {
                throw WriterFencing.isBehind(e)
                        ? new ClusterUnreachableException(
                                "another `rlaif dlq` has taken over after %d letters; run it again when that has ended"
                                        .formatted(letters),
                                e)
                        : e;
            }
        }

        /// Letters whose transaction is committed.
        long letters() {
            return letters;
        }

        @Override
        public void close() {
            producer.close();
        }
    }
}
