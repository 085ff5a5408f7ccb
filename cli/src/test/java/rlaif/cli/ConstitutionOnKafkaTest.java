package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Judgment;
import rlaif.events.Pair;
import rlaif.judging.Constitution;
import rlaif.judging.ConstitutionFile;
import rlaif.judging.Principle;
import rlaif.processors.JudgeStage;
import rlaif.processors.JudgingSettings;
import rlaif.processors.PairingSettings;
import rlaif.processors.StreamsSettings;
import rlaif.topics.Topic;

/// Constitutions published and activated by command, and the judge stage that follows them.
@ExtendWith(OperatorCluster.class)
class ConstitutionOnKafkaTest {
    @TempDir private static Path folder;
    private static OperatorCluster.Running cluster;

    @BeforeAll
    static void reach(OperatorCluster.Running running) {
        cluster = running;
    }

    @Test
    void activatedVersionHoldsFromTheNextPairAndPendingPairsKeepTheirs() throws Exception {
        HeldJudge judge = new HeldJudge();
        try (Deployment deployment = cluster.deployment("live")) {
            new Constitutions(deployment).configured(Constitution.shipped());
            int pairs = 0;
            try (ExecutorService runner = Executors.newVirtualThreadPerTaskExecutor();
                    JudgeStage stage = judging(deployment, judge)) {
                Future<?> running = runner.submit(stage::run);
                while (pairs < 6) {
                    write(deployment, pairs++);
                }
                await(running, () -> judge.askedPrinciples.size() == 12);

                OperatorCluster.Ended published =
                        cluster.run(
                                "live",
                                "constitution",
                                "publish",
                                file(version(2)).toString(),
                                "--activate");
                assertThat(published.exitCode()).as(published.err()).isZero();
                while (judge.askedPrinciples.stream().noneMatch(id -> id.endsWith("-2"))) {
                    write(deployment, pairs++);
                    Thread.sleep(50);
                    assertThat(pairs).isLessThan(60);
                    if (running.isDone()) {
                        running.get();
                    }
                }
                judge.answer();
                int written = pairs;
                await(running, () -> read(deployment).size() >= written);
            }
            List<Judgment> judgments = read(deployment);
            assertThat(judgments).hasSize(pairs);
            Map<String, Integer> versions =
                    judgments.stream()
                            .collect(
                                    Collectors.toMap(
                                            Judgment::getPairId, Judgment::getConstitutionVersion));
            for (int i = 0; i < 6; i++) {
                assertThat(versions).containsEntry("pair-" + i, 1);
            }
            assertThat(versions).hasSize(pairs).containsEntry("pair-" + (pairs - 1), 2);
            assertThat(judgments)
                    .allSatisfy(judgment -> {
                        assertThat(judgment.getConstitutionId()).isEqualTo("nine-rules");
                        assertThat(judgment.getPrinciple().endsWith("-2"))
                                .isEqualTo(judgment.getConstitutionVersion() == 2);
                    });
        }
    }

    @Test
    void publishedVersionNeverChangesAndHistoryTellsAll() throws Exception {
        Path two = file(version(2));
        assertThat(run("publish", file(Constitution.shipped()).toString(), "--activate").out())
                .contains(
                        "nine-rules/1 is published and is active: judges whose judge.constitution is nine-rules follow it");
        assertThat(run("publish", two.toString()).out()).isEqualTo("nine-rules/2 is published\n");
        assertThat(run("publish", two.toString()).out()).contains("nothing to change");

        Files.writeString(two, Files.readString(two).replace("weight: 1.0", "weight: 3.0"));
        OperatorCluster.Ended changed = run("publish", two.toString());
        assertThat(changed.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(changed.err()).contains("nine-rules/2").contains("give yours version 3");

        OperatorCluster.Ended unpublished = run("activate", "nine-rules/7");
        assertThat(unpublished.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(unpublished.err()).contains("not published").contains("[1, 2]");
        assertThat(run("activate", "nine-rules/2", "--json").out())
                .contains("\"published\":false,\"activated\":true");
        OperatorCluster.Ended shown = run("show");
        assertThat(shown.out())
                .isEqualTo(
                        "# nine-rules/2 is active: judges whose judge.constitution is nine-rules follow it\n"
                                + ConstitutionFile.text(version(2)));
        assertThat(shown.err()).doesNotContain("so configured");
        assertThat(run("show", "nine-rules/1", "--json").out()).contains("\"active\":false");
        assertThat(run("show", "nine-rules/1").out()).startsWith("# nine-rules/1 is not active\n");

        List<String> history = run("history", "--json").out().lines().toList();
        assertThat(history).hasSize(4);
        assertThat(history.getLast())
                .contains("\"what\":\"activated\",\"id\":\"nine-rules\",\"version\":2")
                .contains("\"who\":\"" + System.getProperty("user.name") + "@");

        try (Deployment deployment = cluster.deployment("history")) {
            assertThat(new Constitutions(deployment).configured(Constitution.shipped()))
                    .hasValueSatisfying(said -> assertThat(said).contains("version 2 is in force"));
        }
    }

    @Test
    void activatingAnIdThatTheConfiguredJudgeDoesNotFollowIsSaid() throws Exception {
        Constitution walk =
                new Constitution("walk", 3, "of walks", Constitution.shipped().principles());
        OperatorCluster.Ended published =
                cluster.run("walk", "constitution", "publish", file(walk).toString(), "--activate");
        assertThat(cluster.run("walk", "constitution", "show", "nine-rules").out())
                .isEqualTo(
                        "# nine-rules/1 is shipped, and not published yet\n"
                                + ConstitutionFile.text(Constitution.shipped()));
        assertThat(published.out())
                .isEqualTo(
                        "walk/3 is published and is active: judges whose judge.constitution is walk follow it from the next pair on\n");
        assertThat(published.err())
                .contains(
                        "judge.constitution is nine-rules here: a judge so configured follows nine-rules, not walk");
    }

    @Test
    void publishersAtOnceMakeOneVersionOneText() throws Exception {
        try (Deployment deployment = cluster.deployment("race");
                ExecutorService publishers = Executors.newFixedThreadPool(4)) {
            List<Callable<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Constitution mine =
                        new Constitution(
                                "race", 1, "text " + i, Constitution.shipped().principles());
                all.add(() -> {
                    try {
                        new Constitutions(deployment).publish(mine, true);
                        return true;
                    } catch (Failure refused) {
                        assertThat(refused).hasMessageContaining("give yours version 2");
                        return false;
                    }
                });
            }
            int won = 0;
            for (Future<Boolean> publisher : publishers.invokeAll(all)) {
                won += publisher.get() ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
            assertThat(new Constitutions(deployment).history().events()).hasSize(2);
        }
    }

    private static OperatorCluster.Ended run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("constitution"));
        all.addAll(List.of(arguments));
        return cluster.run("history", all.toArray(String[]::new));
    }

    private static JudgeStage judging(Deployment deployment, HeldJudge judge) {
        return new JudgeStage(
                deployment.connection(),
                deployment.codecs(),
                judge,
                new JudgeStage.Settings(
                        Set.of(JudgeStage.Part.JUDGING),
                        PairingSettings.DEFAULT,
                        JudgingSettings.DEFAULT,
                        StreamsSettings.in(deployment.folder("state/judge"))));
    }

    private static Constitution version(int version) {
        return new Constitution(
                "nine-rules",
                version,
                "another",
                Constitution.shipped().principles().stream()
                        .map(p ->
                                new Principle(
                                        p.id() + "-" + version,
                                        1,
                                        p.compare(),
                                        p.critique(),
                                        p.revise()))
                        .toList());
    }

    private static Path file(Constitution constitution) throws Exception {
        Path file = Files.createTempFile(folder, "constitution", ".yaml");
        return Files.writeString(file, ConstitutionFile.text(constitution));
    }

    private static void write(Deployment deployment, int number) {
        Pair pair = Pair.newBuilder().setId("pair-" + number).setPromptId("prompt").build();
        pair.getFirst().setCompletion("the longer completion " + number);
        pair.getSecond().setCompletion("short");
        try (Producer<byte[], byte[]> producer = deployment.connection().openProducer(Map.of())) {
            var _ =
                    producer.send(
                            new ProducerRecord<>(
                                    deployment.connection().name(Topic.PAIRS),
                                    "prompt".getBytes(StandardCharsets.UTF_8),
                                    deployment
                                            .codecs()
                                            .<SpecificRecord>codec(Topic.PAIRS)
                                            .encode(pair)));
        }
    }

    private static List<Judgment> read(Deployment deployment) {
        List<Judgment> judgments = new ArrayList<>();
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < 4; partition++) {
            partitions.add(
                    new TopicPartition(deployment.connection().name(Topic.JUDGMENTS), partition));
        }
        try (Consumer<byte[], byte[]> consumer = deployment.connection().openConsumer(Map.of())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record ->
                                judgments.add(
                                        deployment
                                                .codecs()
                                                .<Judgment>codec(Topic.JUDGMENTS)
                                                .decode(record.value())));
            }
        }
        return judgments;
    }

    private static void await(Future<?> running, BooleanSupplier done) throws Exception {
        for (int i = 0; i < 600 && !done.getAsBoolean(); i++) {
            if (running.isDone()) {
                running.get();
            }
            Thread.sleep(50);
        }
        assertThat(done.getAsBoolean()).isTrue();
    }
}
