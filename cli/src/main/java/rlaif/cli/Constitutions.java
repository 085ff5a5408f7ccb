package rlaif.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import rlaif.judging.Constitution;
import rlaif.judging.ConstitutionException;
import rlaif.processors.ConstitutionLedger;
import rlaif.processors.ConstitutionRecords;
import rlaif.topics.Codec;
import rlaif.topics.Connection;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;
import rlaif.topics.WriterFencing;

/// The constitutions on the stream: each version once, and which one is in force.
///
/// Writers take turns: each fences those before it, then reads, decides and writes in one
/// transaction, so that two at once cannot publish one version with two texts.
final class Constitutions {
    private static final String WHO = "rlaif-publisher";
    private static final int ATTEMPTS = 8;

    private final Connection connection;
    private final Codec<rlaif.events.Constitution> codec;

    Constitutions(Deployment deployment) {
        this.connection = deployment.connection();
        this.codec = deployment.codecs().codec(Topic.CONSTITUTIONS);
    }

    /// Publishes the configured constitution where that is not done, and puts it in force where it
    /// is new or none is; what somebody activated since stays in force, and is said.
    Optional<String> configured(Constitution constitution) {
        ConstitutionLedger before = history().ledger();
        Optional<Constitution> active = before.active(constitution.id());
        boolean known = before.version(constitution.id(), constitution.version()).isPresent();
        if (!known || active.isEmpty()) {
            publish(constitution, true);
            return Optional.empty();
        }
        requireSame(before, constitution);
        return active.filter(inForce -> inForce.version() != constitution.version())
                .map(inForce ->
                        "constitution %s version %d is in force, as activated on the stream; the configured version %d is not (rlaif constitution activate %s puts it in force)"
                                .formatted(
                                        inForce.id(),
                                        inForce.version(),
                                        constitution.version(),
                                        name(constitution)));
    }

    /// Publishes a version, and puts it in force where asked; says what was done.
    List<String> publish(Constitution constitution, boolean activate) {
        return decide(ledger -> {
            requireSame(ledger, constitution);
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            if (ledger.version(constitution.id(), constitution.version()).isEmpty()) {
                records.add(record(ConstitutionRecords.publishedKey(constitution), constitution));
            }
            if (activate && !isActive(ledger, constitution)) {
                records.add(record(ConstitutionRecords.activeKey(constitution.id()), constitution));
            }
            return records;
        });
    }

    /// Puts a published or shipped version in force; says what was done.
    List<String> activate(String id, int version) {
        return decide(ledger -> {
            Optional<Constitution> published = ledger.version(id, version);
            Constitution constitution =
                    published
                            .or(() ->
                                    Constitution.shipped(id)
                                            .filter(shipped -> shipped.version() == version))
                            .orElseThrow(() ->
                                    new Failure(
                                            ExitCode.CONFIGURATION,
                                            "constitution %s/%d is not published: %s"
                                                    .formatted(id, version, known(ledger, id))));
            if (isActive(ledger, constitution)) {
                return List.of();
            }
            var active = record(ConstitutionRecords.activeKey(id), constitution);
            return published.isPresent()
                    ? List.of(active)
                    : List.of(
                            record(ConstitutionRecords.publishedKey(constitution), constitution),
                            active);
        });
    }

    static String known(ConstitutionLedger ledger, String id) {
        if (!ledger.versions(id).isEmpty()) {
            return "published versions of %s are %s".formatted(id, ledger.versions(id));
        }
        return ledger.ids().isEmpty()
                ? "nothing is published yet"
                : "published constitutions are " + ledger.ids();
    }

    static boolean isActive(ConstitutionLedger ledger, Constitution constitution) {
        return ledger.active(constitution.id()).filter(constitution::equals).isPresent();
    }

    private static void requireSame(ConstitutionLedger ledger, Constitution constitution) {
        boolean other =
                ledger.version(constitution.id(), constitution.version())
                        .filter(published -> !published.equals(constitution))
                        .isPresent();
        if (other) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "constitution %s is already published with other text, and a version never changes: give yours version %d"
                            .formatted(
                                    name(constitution),
                                    ledger.versions(constitution.id()).getLast() + 1));
        }
    }

    /// Writes what `decision` makes of the present state.
    private List<String> decide(
            Function<ConstitutionLedger, List<ProducerRecord<byte[], byte[]>>> decision) {
        Map<String, Object> transactional =
                Map.of("transactional.id", connection.group("operator-constitutions"));
        for (int attempt = 1; ; attempt++) {
            try (Producer<byte[], byte[]> producer = connection.openProducer(transactional)) {
                producer.initTransactions();
                List<ProducerRecord<byte[], byte[]>> records = decision.apply(history().ledger());
                if (records.isEmpty()) {
                    return List.of();
                }
                producer.beginTransaction();
                for (ProducerRecord<byte[], byte[]> record : records) {
                    // A failure to send fails the commit.
                    var _ = producer.send(record);
                }
                producer.commitTransaction();
                return records.stream()
                        .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                        .toList();
            } catch (KafkaException e) {
                if (!WriterFencing.isBehind(e) || attempt == ATTEMPTS) {
                    throw e;
                }
                // another writer has come in between and takes its turn
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(50, 500));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.DEPENDENCY, "interrupted while another writer had its turn");
        }
    }

    private ProducerRecord<byte[], byte[]> record(byte[] key, Constitution constitution) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        connection.name(Topic.CONSTITUTIONS),
                        key,
                        codec.encode(ConstitutionRecords.toRecord(constitution)));
        record.headers().add(WHO, who().getBytes(StandardCharsets.UTF_8));
        return record;
    }

    private static String who() {
        String machine;
        try {
            machine = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            machine = "localhost";
        }
        return System.getProperty("user.name", "unknown") + "@" + machine;
    }

    /// Everything on the topic.
    ConstitutionHistory history() {
        List<ConstitutionHistory.Event> events = new ArrayList<>();
        ConstitutionLedger ledger = new ConstitutionLedger();
        TopicPartition partition = new TopicPartition(connection.name(Topic.CONSTITUTIONS), 0);
        try (Consumer<byte[], byte[]> consumer = connection.openConsumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).values().iterator().next();
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(200))) {
                    events.add(event(record, ledger));
                }
            }
        }
        return new ConstitutionHistory(events, ledger);
    }

    private ConstitutionHistory.Event event(
            ConsumerRecord<byte[], byte[]> record, ConstitutionLedger ledger) {
        Header header = record.headers().lastHeader(WHO);
        String who =
                header == null || header.value() == null
                        ? ""
                        : new String(header.value(), StandardCharsets.UTF_8);
        Instant time = Instant.ofEpochMilli(record.timestamp());
        try {
            ConstitutionLedger.Entry entry =
                    ledger.take(record.key(), codec.decode(record.value()));
            Constitution constitution = entry.constitution();
            String what =
                    switch (entry) {
                        case ConstitutionLedger.Entry.Published _ -> "published";
                        case ConstitutionLedger.Entry.Activated _ -> "activated";
                    };
            return new ConstitutionHistory.Event(
                    record.offset(),
                    time,
                    who,
                    what,
                    constitution.id(),
                    constitution.version(),
                    constitution.principles().size(),
                    "");
        } catch (UnreadableRecordException | ConstitutionException unusable) {
            return new ConstitutionHistory.Event(
                    record.offset(),
                    time,
                    who,
                    "unusable",
                    "",
                    0,
                    0,
                    String.valueOf(unusable.getMessage()));
        }
    }

    static String name(Constitution constitution) {
        return constitution.id() + "/" + constitution.version();
    }
}
