package rlaif.processors;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.judging.Constitution;
import rlaif.judging.ConstitutionException;
import rlaif.topics.ClusterUnreachableException;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// The constitution in force, read from its topic and followed by a thread of its own: a change
/// holds from the next pair on.
final class ConstitutionFollower implements ConstitutionSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConstitutionFollower.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final String id;
    private final TopicPartition partition;
    private final Codec<rlaif.events.Constitution> codec;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final ConstitutionLedger ledger = new ConstitutionLedger();
    private final Thread thread;
    private volatile @Nullable RuntimeException failure;
    private volatile boolean closed;

    /// Reads the topic to its end.
    ///
    /// @throws IllegalStateException when no version is in force
    ConstitutionFollower(Connection connection, Codecs codecs, String id) {
        this.id = id;
        partition = new TopicPartition(connection.name(Topic.CONSTITUTIONS), 0);
        codec = codecs.codec(Topic.CONSTITUTIONS);
        consumer = connection.openConsumer(Map.of());
        thread = Thread.ofPlatform().daemon().name("constitutions").unstarted(this::follow);
        try {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            readToEnd();
        } catch (TimeoutException e) {
            consumer.close();
            throw new ClusterUnreachableException(
                    "%s was to be read: %s".formatted(partition, e.getMessage()), e);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
        if (ledger.active(id).isEmpty()) {
            consumer.close();
            throw new IllegalStateException(
                    ("no version of constitution '%s' is in force on %s; start the judge with"
                                    + " `rlaif start judge` or `rlaif run`, which publish the"
                                    + " configured one, or with `rlaif constitution publish FILE"
                                    + " --activate`")
                            .formatted(id, partition.topic()));
        }
        thread.start();
    }

    private void readToEnd() {
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        while (consumer.position(partition) < end) {
            consumer.poll(POLL).records(partition).forEach(this::take);
        }
    }

    private void follow() {
        try (consumer) {
            while (!closed) {
                for (var record : consumer.poll(Duration.ofSeconds(1)).records(partition)) {
                    if (!takeOrWait(record)) {
                        break;
                    }
                }
            }
        } catch (WakeupException e) {
            // close() woke it
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /// Without the registry a record cannot be read: what is in force stays so, and the record is
    /// read again.
    private boolean takeOrWait(ConsumerRecord<byte[], byte[]> record) {
        try {
            take(record);
            return true;
        } catch (ClusterUnreachableException e) {
            LOG.warn("{} offset {} has to wait: {}", partition, record.offset(), e.getMessage());
            consumer.seek(partition, record.offset());
            pause();
            return false;
        }
    }

    private void pause() {
        try {
            Thread.sleep(AGAIN);
        } catch (InterruptedException e) {
            closed = true;
            Thread.currentThread().interrupt();
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        try {
            if (ledger.take(record.key(), codec.decode(record.value()))
                            instanceof ConstitutionLedger.Entry.Activated(Constitution now)
                    && now.id().equals(id)) {
                LOG.info("constitution {} version {} is in force", id, now.version());
            }
        } catch (UnreadableRecordException | ConstitutionException e) {
            LOG.warn(
                    "{} offset {} (key {}) is no usable constitution and is passed over: {}",
                    partition,
                    record.offset(),
                    key,
                    e.getMessage());
        }
    }

    @Override
    public Constitution active() {
        RuntimeException broken = failure;
        if (broken != null) {
            throw new IllegalStateException(
                    "%s can no longer be followed: %s".formatted(partition, broken), broken);
        }
        return ledger.active(id)
                .orElseThrow(() ->
                        new IllegalStateException("constitution '" + id + "' is not in force"));
    }

    @Override
    public Optional<Constitution> version(String constitutionId, int version) {
        return ledger.version(constitutionId, version);
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
    }
}
