package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.ValueTimestampHeaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class SweepTest {
    private static final Duration KEPT = Duration.ofDays(1);
    private static final long OLD = 1_000;
    private static final long NOW = OLD + KEPT.toMillis() + 1;

    @TempDir private Path folder;
    private final MapStore store = new MapStore("some");
    private final KeyValueStore<String, String> resumeKeys =
            Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore("resume-keys"),
                            Serdes.String(),
                            Serdes.String())
                    .withLoggingDisabled()
                    .build();

    @BeforeEach
    void openResumeKeys() {
        Properties config = new Properties();
        config.put("application.id", "rlaif-test");
        config.put("bootstrap.servers", "nowhere:9092");
        resumeKeys.init(
                new MockProcessorContext<>(config, new TaskId(0, 0), folder.toFile())
                        .getStateStoreContext(),
                resumeKeys);
    }

    private void fill(int from, int to, long writtenMillis) {
        for (int i = from; i < to; i++) {
            store.put(
                    "%06d".formatted(i),
                    ValueTimestampHeaders.make(new byte[1], writtenMillis, new RecordHeaders()));
        }
    }

    private Sweep open() {
        return new Sweep(store, KEPT, resumeKeys);
    }

    @Test
    void whatIsYoungStaysAndARestartGoesOnWhereTheLastSliceEnded() {
        fill(0, Sweep.SLICE_ENTRIES, NOW);
        fill(Sweep.SLICE_ENTRIES, Sweep.SLICE_ENTRIES + 3, OLD);
        open().slice(NOW);
        assertThat(store.approximateNumEntries()).isEqualTo(Sweep.SLICE_ENTRIES + 3);
        open().slice(NOW);
        assertThat(store.approximateNumEntries()).isEqualTo(Sweep.SLICE_ENTRIES);
    }

    @Test
    void theNextRoundBeginsAtTheFirstEntryAnHourLater() {
        Sweep sweep = open();
        fill(0, 1, OLD);
        sweep.slice(OLD);
        sweep.slice(NOW);
        assertThat(store.approximateNumEntries()).isZero();
        fill(0, 1, OLD);
        sweep.slice(NOW + Duration.ofMinutes(59).toMillis());
        assertThat(store.approximateNumEntries()).isEqualTo(1);
        sweep.slice(NOW + Duration.ofHours(1).toMillis());
        assertThat(store.approximateNumEntries()).isZero();
    }

    @Test
    void aSliceOfLargeValuesIsBoundedByTheirBytes() {
        for (int i = 0; i < 20; i++) {
            store.put(
                    "%06d".formatted(i),
                    ValueTimestampHeaders.make(new byte[1 << 20], OLD, new RecordHeaders()));
        }
        open().slice(NOW);
        assertThat(store.approximateNumEntries()).isEqualTo(12);
    }
}
