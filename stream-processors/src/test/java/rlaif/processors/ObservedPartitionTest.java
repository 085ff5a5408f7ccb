package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

class ObservedPartitionTest {
    @TempDir private Path folder;

    @Test
    void anObservationTellsOnWhichPartitionItsJudgmentLay() throws Exception {
        Properties config = new Properties();
        config.put("application.id", "rlaif-test");
        config.put("bootstrap.servers", "nowhere:9092");
        var context =
                new MockProcessorContext<byte[], byte[]>(config, new TaskId(0, 3), folder.toFile());
        Connection connection = TestStream.connection();
        context.setRecordMetadata(connection.name(Topic.JUDGMENTS), 3, 17);
        context.setCurrentSystemTimeMs(StatsJudgments.START);
        Duration joined = LabelStatsSettings.DEFAULT.joined();
        var store =
                ObservedPairs.named(ObservingProcessor.STORE, joined)
                        .withLoggingDisabled()
                        .withCachingDisabled()
                        .build();
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
        try (Codecs codecs = new Codecs(connection)) {
            var processor = new ObservingProcessor(connection, codecs, joined);
            processor.init(context);
            processor.process(
                    new Record<>(
                            new byte[0],
                            codecs.codec(Topic.JUDGMENTS)
                                    .encode(StatsJudgments.at(1, StatsJudgments.START, 0.9)),
                            StatsJudgments.START));
            assertThat(context.forwarded())
                    .singleElement()
                    .matches(made -> ObservedPartition.of(made.record().headers()) == 3);
        } finally {
            store.close();
        }
        assertThat(ObservedPartition.of(new RecordHeaders())).isZero();
    }
}
