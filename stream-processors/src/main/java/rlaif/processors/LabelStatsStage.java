package rlaif.processors;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.StartPositions;

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
                                "earliest"));
    }

    /// Blocks until closed.
    ///
    /// @throws IllegalStateException when the application broke
    public void run() {
        StartingPoint.atLogStart(connection, connection.group(GROUP), LabelStatsTopology.SOURCES);
        application.run(LabelStatsTopology.of(connection, codecs, settings.labels(), sources()));
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
