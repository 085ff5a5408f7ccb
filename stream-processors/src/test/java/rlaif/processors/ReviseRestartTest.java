package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
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
import rlaif.events.Revision;
import rlaif.events.RevisionRound;
import rlaif.events.Rollout;
import rlaif.judging.JudgeCalls;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;

/// A task that ends between two rounds, and begins again on the same store.
@SuppressWarnings("NullAway.Init") // set before each test
class ReviseRestartTest {
    @TempDir private Path folder;
    private Connection connection;
    private Codecs codecs;
    private FixedConstitutions constitutions;
    private MapStore store;
    private KeyValueStore<String, String> spent;

    @BeforeEach
    void openStore() throws IOException {
        connection = TestStream.connection();
        codecs = new Codecs(connection);
        constitutions = new FixedConstitutions();
        store = new MapStore(RevisingProcessor.STORE);
        spent =
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(RevisingProcessor.SPENT),
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

    private RevisingProcessor processor(SwitchedReviser reviser) {
        return new RevisingProcessor(
                connection,
                codecs,
                reviser,
                new JudgeCalls("test", JudgeCalls.Settings.DEFAULT, _ -> {}),
                constitutions,
                new Intake(),
                ReviseSettings.DEFAULT);
    }

    private MockProcessorContext<byte[], byte[]> context() {
        Properties config = new Properties();
        config.put("application.id", "rlaif-test");
        config.put("bootstrap.servers", "nowhere:9092");
        return new MockProcessorContext<>(config, new TaskId(0, 0), folder.toFile());
    }

    private MockProcessorContext<byte[], byte[]> start(RevisingProcessor processor) {
        MockProcessorContext<byte[], byte[]> context = context();
        context.addStateStore(store);
        context.addStateStore(spent);
        context.setRecordMetadata(connection.name(Topic.ROLLOUTS), 0, 41);
        context.setCurrentSystemTimeMs(1_000);
        processor.init(context);
        return context;
    }

    private void process(RevisingProcessor processor) {
        Rollout rollout = TestRollouts.group(1, "bad").getFirst();
        processor.process(
                new Record<>(
                        rollout.getPromptId().getBytes(StandardCharsets.UTF_8),
                        codecs.<Rollout>codec(Topic.ROLLOUTS).encode(rollout),
                        1_000));
    }

    private static void drain(MockProcessorContext<byte[], byte[]> context) {
        context.scheduledPunctuators().getFirst().getPunctuator().punctuate(1_000);
    }

    private static void drainUntilForwarded(MockProcessorContext<byte[], byte[]> context)
            throws InterruptedException {
        long deadline = System.nanoTime() + TestStream.LONGEST_WAIT.toNanos();
        while (context.forwarded().isEmpty() && System.nanoTime() < deadline) {
            drain(context);
            Thread.sleep(1);
        }
    }

    private Revision only(MockProcessorContext<byte[], byte[]> context) {
        assertThat(context.forwarded()).hasSize(1);
        return codecs.<Revision>codec(Topic.REVISIONS)
                .decode(context.forwarded(RevisingProcessor.REVISIONS).getFirst().record().value());
    }

    /// One round done and stored, the next one under way.
    private void stopAfterOneRound() throws InterruptedException {
        SwitchedReviser slow = SwitchedReviser.answering(2);
        RevisingProcessor before = processor(slow);
        MockProcessorContext<byte[], byte[]> context = start(before);
        process(before);
        long deadline = System.nanoTime() + TestStream.LONGEST_WAIT.toNanos();
        while (rounds() == 0 && System.nanoTime() < deadline) {
            drain(context);
            Thread.sleep(1);
        }
        assertThat(slow.asked).hasValue(2);
        before.close();
        assertThat(store.approximateNumEntries()).isEqualTo(1);
    }

    private int rounds() {
        return new PendingRevisions(
                        store, codecs.codec(Topic.ROLLOUTS), codecs.codec(Topic.REVISIONS))
                .all()
                .getFirst()
                .begun()
                .getRounds()
                .size();
    }

    @Test
    void aRestartGoesOnAfterTheLastRoundThatWasDone() throws InterruptedException {
        stopAfterOneRound();
        constitutions.activate(2);
        SwitchedReviser reviser = SwitchedReviser.open();
        RevisingProcessor after = processor(reviser);
        MockProcessorContext<byte[], byte[]> context = start(after);
        drainUntilForwarded(context);
        Revision revision = only(context);
        assertThat(revision.getConstitutionVersion()).isEqualTo(1);
        assertThat(revision.getRounds())
                .extracting(RevisionRound::getRound)
                .containsExactly(1, 2, 3, 4);
        assertThat(reviser.asked).hasValue(6);
        assertThat(store.approximateNumEntries()).isZero();
        after.close();
    }

    @Test
    void withOtherTemplatesTheRevisionBeginsAnew() throws InterruptedException {
        stopAfterOneRound();
        SwitchedReviser reviser = SwitchedReviser.open();
        reviser.template("f".repeat(64));
        RevisingProcessor after = processor(reviser);
        MockProcessorContext<byte[], byte[]> context = start(after);
        drainUntilForwarded(context);
        assertThat(only(context).getTemplateHash()).isEqualTo("f".repeat(64));
        assertThat(reviser.asked).hasValue(8);
        after.close();
    }

    @Test
    void aConstitutionThatIsGoneIsADeadLetter() throws InterruptedException {
        stopAfterOneRound();
        constitutions.activate(2);
        constitutions.forget(1);
        RevisingProcessor after = processor(SwitchedReviser.open());
        MockProcessorContext<byte[], byte[]> context = start(after);
        drainUntilForwarded(context);
        List<MockProcessorContext.CapturedForward<? extends byte[], ? extends byte[]>> refused =
                List.copyOf(context.forwarded(RevisingProcessor.REFUSED));
        assertThat(refused)
                .singleElement()
                .satisfies(letter ->
                        assertThat(
                                        new String(
                                                letter.record()
                                                        .headers()
                                                        .lastHeader(DeadLetters.CODE_HEADER)
                                                        .value(),
                                                StandardCharsets.UTF_8))
                                .isEqualTo("CONSTITUTION_LOST"));
        assertThat(store.approximateNumEntries()).isZero();
        after.close();
    }
}
