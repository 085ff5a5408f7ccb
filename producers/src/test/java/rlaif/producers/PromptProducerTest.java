package rlaif.producers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rlaif.events.Prompt;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Ids;
import rlaif.topics.Topic;

@ExtendWith(SharedCluster.class)
class PromptProducerTest {
    private static TestCluster cluster;
    private static Connection connection;
    private static Codecs codecs;

    @BeforeAll
    static void openTopics(TestCluster shared) {
        cluster = shared;
        connection = cluster.withTopics("shared");
        codecs = new Codecs(connection);
    }

    @AfterAll
    static void closeCodecs() {
        codecs.close();
    }

    private static PromptProducer.Settings unlimited() {
        return PromptProducer.Settings.DEFAULT.withMaxBacklog(1_000_000);
    }

    private static List<String> itemsOf(long count) {
        return LongStream.range(0, count).mapToObj(i -> "i" + i).toList();
    }

    /// What is on the topic of one source: each test has its own.
    private static List<Prompt> prompts(String source) {
        return TestCluster.<Prompt>read(connection, codecs, Topic.PROMPTS).stream()
                .filter(prompt -> prompt.getSource().equals(source))
                .toList();
    }

    private static List<String> items(String source) {
        return prompts(source).stream().map(Prompt::getItem).toList();
    }

    private static PromptProducer ran(PromptSource source, PromptProducer.Settings settings) {
        try (PromptProducer producer = new PromptProducer(connection, codecs, source, settings)) {
            producer.run();
            return producer;
        }
    }

    @Test
    void finiteSourceIsWrittenOnceAndEnds() {
        PromptProducer producer = ran(new CountedPrompts("finite", 300), unlimited());
        assertThat(producer.finished()).isTrue();
        assertThat(producer.taken()).isEqualTo(300);
        ran(new CountedPrompts("finite", 300), unlimited());

        List<Prompt> prompts = prompts("finite");

        assertThat(prompts).extracting(Prompt::getItem).hasSize(300).doesNotHaveDuplicates();
        Prompt any = prompts.getFirst();
        assertThat(any.getId()).isEqualTo(Ids.prompt("finite", any.getItem(), 0));
        assertThat(any.getText()).isEqualTo(any.getItem().replace('i', 'p'));
        assertThat(any.getCategory()).isEqualTo("benign");
    }

    @Test
    void eachPassAsksAgainUnderOtherIds() {
        PromptSource source = new CountedPrompts("passes", 10);
        ran(source, unlimited().withPasses(3).withStopAfter(14));
        ran(source, unlimited().withPasses(3));

        List<Prompt> prompts = prompts("passes");

        assertThat(prompts).extracting(Prompt::getId).hasSize(30).doesNotHaveDuplicates();
        assertThat(prompts).filteredOn(p -> p.getPass() == 2).hasSize(10);
    }

    @Test
    void emptySourceEnds() {
        assertThat(ran(new CountedPrompts("empty", 0), unlimited().withPasses(0)).finished())
                .isTrue();
    }

    @Test
    void backlogHoldsItBackUntilClosed() throws InterruptedException {
        Connection alone = cluster.withTopics("backlog");
        try (Codecs codecsAlone = new Codecs(alone)) {
            PromptProducer producer =
                    new PromptProducer(
                            alone,
                            codecsAlone,
                            new CountedPrompts("counted", 1000),
                            PromptProducer.Settings.DEFAULT.withMaxBacklog(100));
            Thread thread = Thread.ofPlatform().start(producer::run);
            TestCluster.await("a full backlog", () -> producer.taken() >= 90);
            Thread.sleep(300);
            producer.close();
            thread.join();

            assertThat(producer.taken()).isBetween(90L, 100L);
            assertThat(producer.finished()).isFalse();
            assertThat(TestCluster.read(alone, alone.name(Topic.PROMPTS)))
                    .hasSize((int) producer.taken());
        }
    }

    @Test
    void openTransactionOfAKilledProducerIsAbortedAndItsPromptsComeOnce() {
        PromptSource source = new CountedPrompts("open", 60);
        ran(source, unlimited().withStopAfter(25));
        try (PromptProducer second = new PromptProducer(connection, codecs, source, unlimited());
                KafkaProducer<byte[], byte[]> killed =
                        connection.openProducer(
                                Map.of(
                                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                        second.cursorGroup()))) {
            killed.initTransactions();
            killed.beginTransaction();
            String id = Ids.prompt("open", "i25", 0);
            var _ =
                    killed.send(
                            new ProducerRecord<>(
                                    connection.name(Topic.PROMPTS),
                                    id.getBytes(StandardCharsets.UTF_8),
                                    codecs.<Prompt>codec(Topic.PROMPTS)
                                            .encode(
                                                    Prompt.newBuilder()
                                                            .setId(id)
                                                            .setItem("i25")
                                                            .build())));
            killed.flush();

            second.run();

            assertThat(items("open")).containsExactlyInAnyOrderElementsOf(itemsOf(60));
            assertThatThrownBy(killed::commitTransaction).isNotNull();
        }
    }

    @Test
    void killedProcessesLeaveNeitherGapNorDuplicate() throws IOException, InterruptedException {
        long count = 1500;
        for (long kill = 1; kill <= 2; kill++) {
            long atLeast = 100 * kill;
            Process process = start(count);
            TestCluster.await(atLeast + " prompts", () -> items("killed").size() >= atLeast);
            process.destroyForcibly().waitFor();
        }
        assertThat(items("killed").size()).isLessThan((int) count);
        ran(new CountedPrompts("killed", count), unlimited());

        assertThat(items("killed")).containsExactlyInAnyOrderElementsOf(itemsOf(count));
    }

    private static Process start(long count) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx128m",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                PromptProducerProcess.class.getName()));
        command.addAll(
                List.of(
                        connection.bootstrapServers(),
                        connection.registryUrl(),
                        connection.prefix(),
                        Long.toString(count)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void sourceThatChangedUnderItsCursorIsRefused() {
        ran(new CountedPrompts("changed", 10), unlimited().withStopAfter(5));
        PromptProducer other =
                new PromptProducer(
                        connection,
                        codecs,
                        new ShiftedPrompts(new CountedPrompts("changed", 10)),
                        unlimited());

        assertThatThrownBy(other::run)
                .isInstanceOf(SourceChangedException.class)
                .hasMessageStartingWith(
                        "changed has changed since its first 5 prompts were taken: prompt 4 is another one");
        assertThat(items("changed")).hasSize(5);
    }

    /// A source that lost its first item.
    private record ShiftedPrompts(PromptSource before) implements PromptSource {
        @Override
        public String name() {
            return before.name();
        }

        @Override
        public Optional<Item> at(long position) {
            return before.at(position + 1);
        }
    }

    @Test
    void newerProducerOfTheSameSourceTakesOver() throws InterruptedException {
        PromptSource source = new CountedPrompts("superseded", 1_000_000);
        PromptProducer older = new PromptProducer(connection, codecs, source, unlimited());
        List<Throwable> failures = new ArrayList<>();
        Thread thread =
                Thread.ofPlatform()
                        .uncaughtExceptionHandler((_, e) -> failures.add(e))
                        .start(older::run);
        TestCluster.await("prompts of the older", () -> older.taken() > 500);
        ran(source, unlimited().withStopAfter(older.taken() + 5000));
        thread.join();

        assertThat(failures).hasSize(1).first().isInstanceOf(SupersededException.class);
        List<String> items = items("superseded");
        assertThat(items).containsExactlyInAnyOrderElementsOf(itemsOf(items.size()));
    }

    @Test
    void unknownEndsOfCommitsLeaveNeitherGapNorDuplicate() {
        PromptProducer producer =
                disturbed(
                        new CountedPrompts("disturbed", 1000),
                        Map.of(
                                2, DisturbedProducer.Disturbance.LOST,
                                4, DisturbedProducer.Disturbance.DONE));

        producer.run();

        assertThat(producer.finished()).isTrue();
        assertThat(producer.taken()).isEqualTo(1000);
        assertThat(items("disturbed")).containsExactlyInAnyOrderElementsOf(itemsOf(1000));
    }

    @Test
    void producerWhoseCommitEndsUnknownWhileANewerStartsNamesTheNewer()
            throws InterruptedException {
        PromptSource source = new CountedPrompts("disturbed-takeover", 1000);
        Thread newer = Thread.ofPlatform().unstarted(() -> ran(source, unlimited()));
        PromptProducer older = disturbed(source, Map.of(3, _ -> newer.start()));

        assertThatThrownBy(older::run)
                .isInstanceOf(SupersededException.class)
                .hasMessageContaining("a newer prompt producer of disturbed-takeover");

        newer.join();
        assertThat(items("disturbed-takeover")).containsExactlyInAnyOrderElementsOf(itemsOf(1000));
    }

    private static PromptProducer disturbed(
            PromptSource source, Map<Integer, DisturbedProducer.Disturbance> disturbances) {
        return new PromptProducer(
                connection,
                codecs,
                source,
                unlimited(),
                DisturbedProducer.opener(connection, disturbances));
    }
}
