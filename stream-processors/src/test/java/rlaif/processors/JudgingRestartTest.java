package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.AbstainReason;
import rlaif.events.Judgment;
import rlaif.events.Pair;
import rlaif.events.PreferenceWriter;
import rlaif.judging.Judge;
import rlaif.judging.attack.ShippedTrials;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;

/// A task that ends with pairs pending, and begins again on the same store.
@SuppressWarnings("NullAway.Init") // set before each test
class JudgingRestartTest {
    @TempDir private Path folder;
    private Connection connection;
    private Codecs codecs;
    private FixedConstitutions constitutions;
    private final Intake intake = new Intake();
    private MapStore store;
    private KeyValueStore<String, String> spent;

    @BeforeEach
    void openStore() throws IOException {
        connection = TestStream.connection();
        codecs = new Codecs(connection);
        constitutions = new FixedConstitutions();
        store = new MapStore(JudgingProcessor.STORE);
        spent =
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(JudgingProcessor.SPENT),
                                Serdes.String(),
                                Serdes.String())
                        .withLoggingDisabled()
                        .build();
        spent.init(context().getStateStoreContext(), spent);
    }

    @AfterEach
    void close() {
        codecs.close();
    }

    private MockProcessorContext<byte[], byte[]> context() {
        Properties config = new Properties();
        config.put("application.id", "rlaif-test");
        config.put("bootstrap.servers", "nowhere:9092");
        return new MockProcessorContext<>(
                config, new org.apache.kafka.streams.processor.TaskId(0, 0), folder.toFile());
    }

    private JudgingProcessor processor(SwitchedJudge judge) {
        return processor(judge, constitutions, JudgingSettings.DEFAULT);
    }

    private JudgingProcessor processor(
            Judge judge, ConstitutionSource constitutionSource, JudgingSettings settings) {
        return new JudgingProcessor(
                connection,
                codecs,
                judge,
                settings.watched(judge, new ShippedTrials(), _ -> {}),
                constitutionSource,
                intake,
                settings);
    }

    private MockProcessorContext<byte[], byte[]> start(JudgingProcessor processor) {
        MockProcessorContext<byte[], byte[]> context = context();
        context.addStateStore(store);
        context.addStateStore(spent);
        context.setRecordMetadata(connection.name(Topic.PAIRS), 0, 41);
        context.setCurrentSystemTimeMs(1_000);
        processor.init(context);
        return context;
    }

    private static Pair pair(String id) {
        Pair pair = Pair.newBuilder().setId(id).setPromptId("prompt-" + id).build();
        pair.getFirst().setCompletion("good");
        pair.getSecond().setCompletion("bad");
        return pair;
    }

    private void process(JudgingProcessor processor, String id) {
        processor.process(
                new Record<>(
                        id.getBytes(StandardCharsets.UTF_8),
                        codecs.<Pair>codec(Topic.PAIRS).encode(pair(id)),
                        1_000));
    }

    private static void drainUntil(MockProcessorContext<byte[], byte[]> context, int forwarded)
            throws InterruptedException {
        long deadline = System.nanoTime() + TestStream.LONGEST_WAIT.toNanos();
        while (context.forwarded().size() < forwarded && System.nanoTime() < deadline) {
            context.scheduledPunctuators().getFirst().getPunctuator().punctuate(1_000);
            Thread.sleep(1);
        }
        Thread.sleep(20); // whatever else would come, comes
        context.scheduledPunctuators().getFirst().getPunctuator().punctuate(1_000);
    }

    private List<Judgment> judgments(MockProcessorContext<byte[], byte[]> context) {
        return context.forwarded(JudgingProcessor.JUDGMENTS).stream()
                .map(f -> codecs.<Judgment>codec(Topic.JUDGMENTS).decode(f.record().value()))
                .toList();
    }

    @Test
    void whatIsPendingIsJudgedAgainUnderItsStamp() throws InterruptedException {
        JudgingProcessor before = processor(SwitchedJudge.shut());
        start(before);
        for (int i = 0; i < 5; i++) {
            process(before, "pair-" + i);
        }
        before.close();
        assertThat(store.approximateNumEntries()).isEqualTo(5);

        constitutions.activate(2);
        SwitchedJudge judge = SwitchedJudge.open();
        JudgingProcessor after = processor(judge);
        MockProcessorContext<byte[], byte[]> context = start(after);
        drainUntil(context, 10);

        assertThat(judgments(context))
                .hasSize(5)
                .allSatisfy(j -> assertThat(j.getConstitutionVersion()).isEqualTo(1))
                .noneMatch(j -> j.getPrinciple().endsWith("-2"));
        assertThat(context.forwarded(JudgingProcessor.PREFERENCES)).hasSize(5);
        assertThat(judge.asked).hasValue(10);
        assertThat(store.approximateNumEntries()).isZero();
        after.close();
    }

    @Test
    void aTaskThatIsSuspendedAndResumedForwardsEachPairOnce() throws InterruptedException {
        SwitchedJudge judge = SwitchedJudge.open();
        JudgingProcessor processor = processor(judge);
        start(processor);
        process(processor, "pair-1");
        while (judge.asked.get() < 2) {
            Thread.sleep(1);
        }
        processor.close(); // with the result waiting in its queue
        MockProcessorContext<byte[], byte[]> context = start(processor);
        drainUntil(context, 2);
        assertThat(judgments(context)).hasSize(1);
        processor.close();
    }

    @Test
    void whatIsPendingAsPeopleTakeTheJudgesPlaceIsLeftToThem() throws InterruptedException {
        JudgingProcessor before = processor(SwitchedJudge.shut());
        start(before);
        process(before, "pair-1");
        before.close();

        JudgingProcessor after =
                processor(
                        new NoJudge(),
                        new NoConstitutions(),
                        JudgingSettings.DEFAULT.withLabels(
                                HumanShare.ALL, PreferenceWriter.PREFERENCES));
        MockProcessorContext<byte[], byte[]> context = start(after);
        drainUntil(context, 1);
        assertThat(judgments(context))
                .singleElement()
                .satisfies(
                        j -> assertThat(j.getAbstainReason()).isEqualTo(AbstainReason.FOR_PEOPLE));
        assertThat(store.approximateNumEntries()).isZero();
        after.close();
    }

    @Test
    void aTemplateThatIsGoneIsReplacedByTodays() throws InterruptedException {
        JudgingProcessor before = processor(SwitchedJudge.shut());
        start(before);
        process(before, "pair-1");
        before.close();

        SwitchedJudge judge = SwitchedJudge.open();
        judge.template("f".repeat(64));
        JudgingProcessor after = processor(judge);
        MockProcessorContext<byte[], byte[]> context = start(after);
        drainUntil(context, 2);
        assertThat(judgments(context))
                .singleElement()
                .satisfies(j -> assertThat(j.getTemplateHash()).isEqualTo("f".repeat(64)));
        after.close();
    }

    @Test
    void aConstitutionThatIsGoneIsADeadLetter() throws InterruptedException {
        JudgingProcessor before = processor(SwitchedJudge.shut());
        start(before);
        process(before, "pair-1");
        before.close();

        constitutions.activate(2);
        constitutions.forget(1);
        SwitchedJudge judge = SwitchedJudge.open();
        JudgingProcessor after = processor(judge);
        MockProcessorContext<byte[], byte[]> context = start(after);
        drainUntil(context, 1);
        assertThat(context.forwarded(JudgingProcessor.REFUSED))
                .singleElement()
                .satisfies(f -> {
                    assertThat(
                                    new String(
                                            f.record()
                                                    .headers()
                                                    .lastHeader(DeadLetters.CODE_HEADER)
                                                    .value(),
                                            StandardCharsets.UTF_8))
                            .isEqualTo("CONSTITUTION_LOST");
                    assertThat(
                                    new String(
                                            f.record()
                                                    .headers()
                                                    .lastHeader(DeadLetters.OFFSET_HEADER)
                                                    .value(),
                                            StandardCharsets.UTF_8))
                            .isEqualTo("41");
                });
        assertThat(judge.asked).hasValue(0);
        assertThat(store.approximateNumEntries()).isZero();
        after.close();
    }
}
