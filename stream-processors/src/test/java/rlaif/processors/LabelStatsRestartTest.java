package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static rlaif.processors.StatsJudgments.MINUTE;
import static rlaif.processors.StatsJudgments.START;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Judgment;
import rlaif.events.LabelStats;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Topic;

/// Counting that ends in the middle of a window, and begins again on the same store.
@SuppressWarnings("NullAway.Init") // set before each test
class LabelStatsRestartTest {
    @TempDir private Path folder;
    private final UntoldTasks untold = new UntoldTasks();
    private Codecs codecs;

    @BeforeEach
    void openCodecs() throws IOException {
        codecs = new Codecs(TestStream.connection());
    }

    @AfterEach
    void close() {
        codecs.close();
    }

    private MockProcessorContext<byte[], byte[]> context() {
        Properties config = new Properties();
        config.put("application.id", "rlaif-test");
        config.put("bootstrap.servers", "nowhere:9092");
        return new MockProcessorContext<>(config, new TaskId(1, 0), folder.toFile());
    }

    private KeyValueStore<String, byte[]> store() {
        KeyValueStore<String, byte[]> store =
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(CountingProcessor.STORE),
                                Serdes.String(),
                                Serdes.ByteArray())
                        .withLoggingDisabled()
                        .build();
        store.init(context().getStateStoreContext(), store);
        return store;
    }

    private CountingProcessor start(MockProcessorContext<byte[], byte[]> context) {
        return start(context, 1);
    }

    private CountingProcessor start(MockProcessorContext<byte[], byte[]> context, int sources) {
        CountingProcessor processor =
                new CountingProcessor(codecs, LabelStatsSettings.DEFAULT, sources, untold);
        context.setCurrentSystemTimeMs(START + 10 * MINUTE);
        processor.init(context);
        return processor;
    }

    private static Record<byte[], byte[]> observed(Judgment judgment) {
        LabelGroup group = LabelGroup.of(judgment);
        return new Record<>(
                new byte[0],
                new LabelObservation.Judged(group, JudgedFigures.of(judgment, START)).bytes(),
                judgment.getJudgedAtMillis());
    }

    private static Record<byte[], byte[]> observed(Judgment judgment, int partition) {
        return observed(judgment).withHeaders(ObservedPartition.header(partition));
    }

    private static Record<byte[], byte[]> compared(double p, double label) {
        LabelGroup group = LabelGroup.of(StatsJudgments.twin(0));
        return new Record<>(
                new byte[0], new LabelObservation.Compared(group, p, label).bytes(), START);
    }

    private List<LabelStats> forwarded(MockProcessorContext<byte[], byte[]> context) {
        Codec<LabelStats> codec = codecs.codec(Topic.LABEL_STATS);
        return context.forwarded().stream()
                .map(captured -> codec.decode((byte[]) captured.record().value()))
                .toList();
    }

    @Test
    void aWindowCountsOnWhereItWasAndGivesWhatItWouldHaveGiven() {
        KeyValueStore<String, byte[]> kept = store();
        MockProcessorContext<byte[], byte[]> before = context();
        before.addStateStore(kept);
        MockProcessorContext<byte[], byte[]> whole = context();
        whole.addStateStore(store());
        CountingProcessor first = start(before);
        CountingProcessor undisturbed = start(whole);
        for (int i = 0; i < 20; i++) {
            first.process(observed(StatsJudgments.twin(i)));
            undisturbed.process(observed(StatsJudgments.twin(i)));
        }
        first.process(compared(0.8, 1));
        undisturbed.process(compared(0.8, 1));
        first.close();

        MockProcessorContext<byte[], byte[]> after = context();
        after.addStateStore(kept);
        CountingProcessor second = start(after);
        for (CountingProcessor processor : List.of(second, undisturbed)) {
            for (int i = 20; i < 40; i++) {
                processor.process(observed(StatsJudgments.twin(i)));
            }
            processor.process(compared(0.7, 0));
            processor.process(observed(StatsJudgments.at(40, START + 3 * MINUTE, 0.9)));
        }
        assertThat(forwarded(before)).isEmpty();
        assertThat(forwarded(after)).hasSize(1).isEqualTo(forwarded(whole));
        assertThat(forwarded(after).getFirst().getJudgments()).isEqualTo(40);
    }

    private static void emit(MockProcessorContext<byte[], byte[]> context) {
        context.scheduledPunctuators()
                .forEach(due -> due.getPunctuator().punctuate(context.currentSystemTimeMs()));
    }

    @Test
    void whatWasCountedSinceTheLastRecordIsToldAfterARestart() {
        KeyValueStore<String, byte[]> kept = store();
        MockProcessorContext<byte[], byte[]> before = context();
        before.addStateStore(kept);
        CountingProcessor first = start(before);
        for (int i = 0; i < 88; i++) {
            first.process(observed(StatsJudgments.at(i, START, 0.9)));
        }
        emit(before);
        for (int i = 88; i < 400; i++) {
            first.process(observed(StatsJudgments.at(i, START, 0.9)));
        }
        first.close();
        assertThat(forwarded(before)).extracting(LabelStats::getJudgments).containsExactly(88L);

        MockProcessorContext<byte[], byte[]> after = context();
        after.addStateStore(kept);
        start(after);
        emit(after);
        assertThat(forwarded(after))
                .hasSize(1)
                .allMatch(stats -> stats.getJudgments() == 400 && !stats.getClosed());
        emit(after);
        assertThat(forwarded(after)).as("nothing is new").hasSize(1);
    }

    @Test
    void aTaskIsUntoldFromItsFirstCountUntilItTellsAlsoAfterARestart() {
        KeyValueStore<String, byte[]> kept = store();
        MockProcessorContext<byte[], byte[]> before = context();
        before.addStateStore(kept);
        CountingProcessor first = start(before);
        assertThat(untold.isEmpty()).as("nothing is counted").isTrue();
        first.process(observed(StatsJudgments.at(1, START, 0.9)));
        assertThat(untold.isEmpty()).isFalse();
        emit(before);
        assertThat(untold.isEmpty()).isTrue();
        first.process(observed(StatsJudgments.at(2, START, 0.9)));
        first.close();
        assertThat(untold.isEmpty()).as("another process may own it").isTrue();

        MockProcessorContext<byte[], byte[]> after = context();
        after.addStateStore(kept);
        start(after);
        assertThat(untold.isEmpty()).as("who knows what was told").isFalse();
        emit(after);
        assertThat(untold.isEmpty()).isTrue();
    }

    @Test
    void aClosedWindowStaysClosedAfterARestart() {
        KeyValueStore<String, byte[]> kept = store();
        MockProcessorContext<byte[], byte[]> before = context();
        before.addStateStore(kept);
        CountingProcessor first = start(before);
        first.process(observed(StatsJudgments.at(1, START, 0.9)));
        first.process(observed(StatsJudgments.at(2, START + 3 * MINUTE, 0.9)));
        MockProcessorContext<byte[], byte[]> after = context();
        after.addStateStore(kept);
        CountingProcessor second = start(after);
        second.process(observed(StatsJudgments.at(3, START + 1, 0.9)));
        second.process(observed(StatsJudgments.at(4, START + 6 * MINUTE, 0.9)));
        assertThat(forwarded(before)).extracting(LabelStats::getWindowStart).containsExactly(START);
        assertThat(forwarded(after))
                .extracting(LabelStats::getWindowStart)
                .containsExactly(START + 3 * MINUTE);
        assertThat(forwarded(after).getFirst().getLate()).isEqualTo(1);
    }

    @Test
    void aPartitionThatIsReadAheadAfterAnOutageMakesNobodyLate() {
        KeyValueStore<String, byte[]> kept = store();
        MockProcessorContext<byte[], byte[]> before = context();
        before.addStateStore(kept);
        CountingProcessor first = start(before, 2);
        first.process(observed(StatsJudgments.at(1, START, 0.9), 0));
        first.process(observed(StatsJudgments.at(2, START, 0.9), 1));

        MockProcessorContext<byte[], byte[]> after = context();
        after.addStateStore(kept);
        CountingProcessor second = start(after, 2);
        for (int minute = 1; minute < 9; minute++) {
            second.process(observed(StatsJudgments.at(minute, START + minute * MINUTE, 0.9), 0));
        }
        assertThat(forwarded(after)).as("the other partition is at the first minute").isEmpty();
        for (int minute = 1; minute < 9; minute++) {
            second.process(
                    observed(StatsJudgments.at(9 + minute, START + minute * MINUTE, 0.9), 1));
        }
        assertThat(forwarded(after))
                .hasSize(7)
                .allMatch(stats -> stats.getClosed() && stats.getJudgments() == 2)
                .allMatch(stats -> stats.getLate() == 0);
    }

    @Test
    void inWhateverOrderPartitionsAreReadTheWindowsHoldTheSame() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            MockProcessorContext<byte[], byte[]> context = context();
            context.addStateStore(store());
            CountingProcessor processor = start(context, 3);
            int[] read = new int[3];
            while (read[0] + read[1] + read[2] < 300) {
                int partition = random.nextInt(3);
                for (int run = random.nextInt(60); run > 0 && read[partition] < 100; run--) {
                    int i = read[partition]++;
                    processor.process(
                            observed(
                                    StatsJudgments.at(
                                            1_000 * partition + i,
                                            START + i * (MINUTE / 10) + 7L * partition,
                                            0.9),
                                    partition));
                }
            }
            context.setCurrentSystemTimeMs(START + 20 * MINUTE);
            context.scheduledPunctuators()
                    .forEach(due -> due.getPunctuator().punctuate(START + 20 * MINUTE));
            assertThat(forwarded(context))
                    .as("seed %d", seed)
                    .hasSize(10)
                    .allMatch(stats -> stats.getClosed() && stats.getJudgments() == 30)
                    .allMatch(stats -> stats.getLate() == 0);
        }
    }

    @Test
    void aWindowOfManyJudgmentsIsNoLargerThanOneOfSome() {
        KeyValueStore<String, byte[]> store = store();
        MockProcessorContext<byte[], byte[]> context = context();
        context.addStateStore(store);
        CountingProcessor processor = start(context);
        Random random = new Random(5);
        int largest = 0;
        for (int i = 0; i < 5_000; i++) {
            processor.process(observed(StatsJudgments.at(i, START + i, random.nextDouble())));
            try (var entries = store.all()) {
                while (entries.hasNext()) {
                    largest = Math.max(largest, entries.next().value.length);
                }
            }
        }
        assertThat(largest).isLessThan(16_000);
        assertThat(store.approximateNumEntries()).isEqualTo(2);
    }
}
