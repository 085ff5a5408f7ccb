package rlaif.processors;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.GroupLag;
import rlaif.topics.StartPositions;
import rlaif.topics.Topic;

/// The application `rlaif-label-stats`: counts judgments by judge, principle, constitution and
/// policy version in windows of time, compares them with people's labels, and writes label
/// statistics.
public final class LabelStatsStage implements AutoCloseable {
    private static final String GROUP = "label-stats";

    /// Room for the windows that change within a transaction.
    private static final long CACHE_BYTES = 8L << 20;

    /// How it runs.
    public record Settings(LabelStatsSettings labels, StreamsSettings streams) {}

    private final Connection connection;
    private final Codecs codecs;
    private final Settings settings;
    private final StreamsApplication application;
    private final UntoldTasks untold = new UntoldTasks();
    private final AtomicBoolean atWork = new AtomicBoolean();

    public LabelStatsStage(Connection connection, Codecs codecs, Settings settings) {
        this.connection = connection;
        this.codecs = codecs;
        this.settings = settings;
        this.application =
                new StreamsApplication(
                        connection,
                        connection.group(GROUP),
                        settings.streams(),
                        Map.of(
                                "statestore.cache.max.bytes",
                                CACHE_BYTES,
                                // of its own topic between the halves; sources say none themselves
                                "main.consumer.auto.offset.reset",
                                "earliest"),
                        new Intake(),
                        atWork::set);
    }

    /// Blocks until closed.
    ///
    /// @throws IllegalStateException when the application broke
    public void run() {
        StartingPoint.atLogStart(connection, connection.group(GROUP), LabelStatsTopology.SOURCES);
        application.run(
                LabelStatsTopology.of(connection, codecs, settings.labels(), sources(), untold));
    }

    /// Whether all that is on the topics now is counted, and told as far as this process counted
    /// it; what is told is on its topic at the latest once this is closed.
    public boolean isTold() {
        if (!atWork.get() || !untold.isEmpty()) {
            return false;
        }
        String group = connection.group(GROUP);
        try (Admin admin = connection.openAdmin();
                KafkaConsumer<byte[], byte[]> reader = connection.openConsumer(Map.of())) {
            GroupLag lag = new GroupLag(admin);
            for (Topic source : LabelStatsTopology.SOURCES) {
                if (lag.hasUnread(group, connection.name(source), reader)) {
                    return false;
                }
            }
            // after the sources: what was read of them is on it
            if (lag.hasUnread(group, LabelStatsTopology.observations(group), reader)) {
                return false;
            }
        }
        return atWork.get() && untold.isEmpty();
    }

    private int sources() {
        try (Admin admin = connection.openAdmin()) {
            return StartPositions.mostPartitions(
                    admin, LabelStatsTopology.SOURCES.stream().map(connection::name).toList());
        }
    }

    /// Ends the run; windows that are open count on after the next start.
    @Override
    public void close() {
        application.stop();
    }
}
