package rlaif.producers;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import rlaif.events.Prompt;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.GroupLag;
import rlaif.topics.Ids;
import rlaif.topics.Topic;
import rlaif.topics.TransactionalIdWatch;

/// The worker that writes a source's prompts to `prompts`, each once, as fast as they are taken.
///
/// Prompts and the source's cursor are committed in one transaction: a restart neither repeats nor
/// skips. A second producer of the same source takes over from the first.
public final class PromptProducer implements AutoCloseable {

    /// How much is written, and when it is held back.
    ///
    /// @param passes times the source is read; 0: without end
    /// @param stopAfter prompts of this source at most, those of earlier starts included
    /// @param maxBacklog prompts that may wait for rollout workers
    /// @param promptsPerTransaction prompts written together, at most
    /// @param recheck time between two looks at the backlog, or at a followed source
    public record Settings(
            int passes,
            long stopAfter,
            long maxBacklog,
            int promptsPerTransaction,
            Duration recheck) {
        /// One pass, no limit, 512 prompts of backlog, 128 a transaction, 50 ms.
        public static final Settings DEFAULT =
                new Settings(1, Long.MAX_VALUE, 512, 128, Duration.ofMillis(50));

        public Settings {
            require(passes >= 0, "passes must not be negative, is " + passes);
            require(stopAfter >= 0, "stopAfter must not be negative, is " + stopAfter);
            require(maxBacklog >= 1, "maxBacklog must be at least 1 prompt, is " + maxBacklog);
            require(
                    promptsPerTransaction >= 1,
                    "promptsPerTransaction must be at least 1, is " + promptsPerTransaction);
            require(recheck.isPositive(), "recheck must be above 0, is " + recheck);
        }

        /// The same with another number of passes.
        public Settings withPasses(int passes) {
            return new Settings(passes, stopAfter, maxBacklog, promptsPerTransaction, recheck);
        }

        /// The same with another end.
        public Settings withStopAfter(long stopAfter) {
            return new Settings(passes, stopAfter, maxBacklog, promptsPerTransaction, recheck);
        }

        /// The same with another limit on waiting prompts.
        public Settings withMaxBacklog(long maxBacklog) {
            return new Settings(passes, stopAfter, maxBacklog, promptsPerTransaction, recheck);
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new IllegalArgumentException(otherwise);
            }
        }
    }

    /// A commit that `kill -9` left half-way is not told before the broker has ended its
    /// transaction, a minute later or little more.
    private static final Duration LONGEST_UNSTABLE = Duration.ofMinutes(3);

    private final Connection connection;
    private final PromptSource source;
    private final Settings settings;
    private final Function<String, Producer<byte[], byte[]>> producers;
    private final Codec<Prompt> prompts;
    private final String topic;
    private final String group;
    private final StopSignal stop = new StopSignal();
    private volatile SourceCursor cursor;
    private volatile boolean finished;

    /// @param source read by the thread that runs this, and not closed by it
    public PromptProducer(
            Connection connection, Codecs codecs, PromptSource source, Settings settings) {
        this(
                connection,
                codecs,
                source,
                settings,
                id -> connection.openProducer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id)));
    }

    /// @param producers opens one under a transactional id
    PromptProducer(
            Connection connection,
            Codecs codecs,
            PromptSource source,
            Settings settings,
            Function<String, Producer<byte[], byte[]>> producers) {
        this.connection = connection;
        this.source = source;
        this.settings = settings;
        this.producers = producers;
        this.prompts = codecs.codec(Topic.PROMPTS);
        this.topic = connection.name(Topic.PROMPTS);
        this.group =
                connection.group("prompts-" + Ids.prompt(source.name(), "", 0).substring(0, 12));
        this.cursor = SourceCursor.start(source.name());
    }

    /// Group and transactional id of its own, one for each source.
    String cursorGroup() {
        return group;
    }

    /// Prompts of this source that are on the stream, those of earlier starts included, as far as
    /// is known.
    public long taken() {
        return cursor.taken();
    }

    /// Whether the source, or `stopAfter`, has come to its end and everything is written.
    public boolean finished() {
        return finished;
    }

    /// Writes until the source ends or {@link #close()} is called.
    public void run() {
        stop.begin();
        try (Admin admin = connection.openAdmin();
                Consumer<byte[], byte[]> cursors =
                        connection.openConsumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, group));
                TransactionalWriter writer = writer(admin)) {
            GroupLag lag = new GroupLag(admin);
            writer.begin();
            cursor = committed(cursors);
            cursor.check(source);
            while (!stop.isAsked() && !finished) {
                advance(lag, writer, cursors);
            }
        } catch (KafkaException e) {
            throw Fencing.explained(e, superseded());
        } finally {
            stop.ended();
        }
    }

    private TransactionalWriter writer(Admin admin) {
        return new TransactionalWriter(
                () -> producers.apply(group),
                Succession.under(new TransactionalIdWatch(admin, group)),
                superseded());
    }

    private String superseded() {
        return "a newer prompt producer of %s has taken over (transactional id %s); run one producer for each source"
                .formatted(source.name(), group);
    }

    /// What the last transaction left, while none is open.
    private SourceCursor committed(Consumer<byte[], byte[]> consumer) {
        OffsetAndMetadata committed =
                consumer.committed(Set.of(cursorPartition()), LONGEST_UNSTABLE)
                        .get(cursorPartition());
        return committed == null ? SourceCursor.start(source.name()) : SourceCursor.of(committed);
    }

    private TopicPartition cursorPartition() {
        return new TopicPartition(topic, 0);
    }

    private void advance(
            GroupLag lag, TransactionalWriter writer, Consumer<byte[], byte[]> cursors) {
        long room = settings.maxBacklog() - lag.lag(connection.group("rollouts"), topic);
        if (room <= 0) {
            stop.pause(settings.recheck());
            return;
        }
        Take take = take((int) Math.min(room, settings.promptsPerTransaction()));
        if (!take.prompts().isEmpty() && !write(writer, cursors.groupMetadata(), take)) {
            cursor = committed(cursors);
            return;
        }
        cursor = take.cursor();
        finished = take.ended();
        if (take.prompts().isEmpty() && !finished) {
            stop.pause(settings.recheck());
        }
    }

    /// @param cursor after the prompts
    private record Take(List<Prompt> prompts, SourceCursor cursor, boolean ended) {}

    private Take take(int limit) {
        List<Prompt> taken = new ArrayList<>();
        SourceCursor at = cursor;
        while (taken.size() < limit) {
            if (at.taken() >= settings.stopAfter()) {
                return new Take(taken, at, true);
            }
            Optional<PromptSource.Item> item = source.at(at.position());
            if (item.isPresent()) {
                taken.add(prompt(item.get(), at.pass()));
                at = at.after(item.get());
            } else if (source.followed()) {
                return new Take(taken, at, false);
            } else if (at.position() == 0 || isLast(at.pass())) {
                return new Take(taken, at, true);
            } else {
                at = at.nextPass();
            }
        }
        return new Take(taken, at, false);
    }

    private boolean isLast(int pass) {
        return settings.passes() > 0 && pass + 1 >= settings.passes();
    }

    private Prompt prompt(PromptSource.Item item, int pass) {
        return Prompt.newBuilder()
                .setId(Ids.prompt(source.name(), item.item(), pass))
                .setText(item.text())
                .setSource(source.name())
                .setItem(item.item())
                .setPass(pass)
                .setCategory(item.category().orElse(null))
                .build();
    }

    private boolean write(
            TransactionalWriter writer, ConsumerGroupMetadata cursorGroup, Take take) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Prompt prompt : take.prompts()) {
            records.add(
                    new ProducerRecord<>(
                            topic,
                            prompt.getId().getBytes(StandardCharsets.UTF_8),
                            prompts.encode(prompt)));
        }
        return writer.write(
                records, Map.of(cursorPartition(), take.cursor().committed()), cursorGroup);
    }

    /// Asks a running producer to end after the transaction it is in, and waits until it has.
    @Override
    public void close() {
        stop.ask();
        stop.awaitEnd();
    }
}
