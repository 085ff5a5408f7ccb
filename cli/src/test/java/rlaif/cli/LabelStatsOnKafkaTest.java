package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rlaif.events.AbstainReason;
import rlaif.events.Judgment;
import rlaif.events.LabelStats;
import rlaif.events.Outcome;
import rlaif.events.PreferenceWriter;
import rlaif.monitor.Audit;
import rlaif.monitor.AuditStage;
import rlaif.monitor.LabelStatsReading;
import rlaif.processors.LabelStatsSettings;
import rlaif.processors.LabelStatsStage;
import rlaif.processors.StreamsSettings;
import rlaif.topics.Topic;

/// Label statistics on a broker, of a stage that ends in the middle of a window and loses its disk.
@ExtendWith(OperatorCluster.class)
class LabelStatsOnKafkaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "stats";
    private static final LabelStatsSettings SETTINGS =
            new LabelStatsSettings(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1),
                    Duration.ofMillis(200),
                    500,
                    Duration.ofDays(1),
                    0.1);

    private static long start() {
        long minute = SETTINGS.window().toMillis();
        return System.currentTimeMillis() / minute * minute - 10 * minute;
    }

    private static void judge(Deployment deployment, int from, int to, long millis)
            throws Exception {
        String topic = deployment.connection().name(Topic.JUDGMENTS);
        try (Producer<byte[], byte[]> producer = deployment.connection().openProducer(Map.of())) {
            for (int i = from; i < to; i++) {
                Judgment judgment =
                        Judgment.newBuilder()
                                .setId("judgment-" + i)
                                .setPairId("pair-" + i)
                                .setPromptId("prompt-" + i)
                                .setJudge("judge")
                                .setPrinciple("harm")
                                .setPreferenceWriter(PreferenceWriter.PREFERENCES)
                                .setOutcome(Outcome.PREFERRED)
                                .setAbstainReason(AbstainReason.NONE)
                                .setFirstProbability(0.9)
                                .setJudgedAtMillis(millis)
                                .build();
                producer.send(
                                new ProducerRecord<>(
                                        topic,
                                        null,
                                        millis,
                                        ("prompt-" + i).getBytes(StandardCharsets.UTF_8),
                                        deployment
                                                .codecs()
                                                .<Judgment>codec(Topic.JUDGMENTS)
                                                .encode(judgment)))
                        .get();
            }
        }
    }

    private static LabelStatsStage stage(Deployment deployment, Path state) {
        return new LabelStatsStage(
                deployment.connection(),
                deployment.codecs(),
                new LabelStatsStage.Settings(
                        SETTINGS, new StreamsSettings(state, Duration.ofMillis(100), 1)));
    }

    private static void awaitTold(LabelStatsStage stage, Future<?> running) throws Exception {
        for (int i = 0; i < 150 && !stage.isTold(); i++) {
            if (running.isDone()) {
                running.get();
            }
            Thread.sleep(200);
        }
        assertThat(stage.isTold()).isTrue();
    }

    private static long counted(Deployment deployment) {
        return new LabelStatsReading(deployment.connection(), deployment.codecs())
                .read().stream().mapToLong(LabelStats::getJudgments).sum();
    }

    private static JsonNode await(
            OperatorCluster.Running cluster, Future<?> running, Predicate<JsonNode> wanted)
            throws Exception {
        for (int i = 0; i < 150; i++) {
            OperatorCluster.Ended ended =
                    cluster.run(PREFIX, "labels", "stats", "--windows", "0", "--json");
            assertThat(ended.exitCode()).as(ended.err()).isZero();
            for (String line : ended.out().lines().toList()) {
                JsonNode stats = JSON.readTree(line);
                if (wanted.test(stats)) {
                    return stats;
                }
            }
            if (running.isDone()) {
                running.get();
            }
            Thread.sleep(200);
        }
        throw new AssertionError("no such statistics");
    }

    private static void deleteFolder(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            List<Path> all = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : all) {
                Files.delete(path);
            }
        }
    }

    @Test
    void aWindowOutlivesTheProcessAndItsDiskAndCountsEachJudgmentOnce(
            OperatorCluster.Running cluster) throws Exception {
        long start = start();
        try (Deployment deployment = cluster.deployment(PREFIX);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Path state = deployment.folder("state/label-stats");
            judge(deployment, 0, 30, start + 1);
            sendNoRecord(deployment);
            Future<?> before;
            try (LabelStatsStage first = stage(deployment, state)) {
                assertThat(first.isTold()).as("it has not begun").isFalse();
                before = threads.submit(first::run);
                awaitTold(first, before);
            }
            before.get();
            assertThat(counted(deployment)).as("all was told when it ended").isEqualTo(30);
            deleteFolder(state);
            judge(deployment, 30, 50, start + 2);
            try (LabelStatsStage second = stage(deployment, deployment.folder("state/again"))) {
                Future<?> running = threads.submit(second::run);
                await(cluster, running, stats -> stats.path("judgments").asInt() == 50);
                judge(deployment, 50, 80, start + Duration.ofMinutes(3).toMillis()); // everywhere
                JsonNode closed =
                        await(cluster, running, stats -> stats.path("closed").asBoolean());
                assertThat(closed.path("windowStart").asLong()).isEqualTo(start);
                assertThat(closed.path("judgments").asInt()).isEqualTo(50);
                assertThat(closed.path("preferred").asInt()).isEqualTo(50);
                await(
                        cluster,
                        running,
                        stats ->
                                !stats.path("closed").asBoolean()
                                        && stats.path("judgments").asInt() == 30);
                awaitTold(second, running);
            }
            OperatorCluster.Ended table = cluster.run(PREFIX, "labels", "stats");
            assertThat(table.out()).contains("harm").contains("80 judgments (0 late)");
            Audit audit = Audits.of(deployment);
            assertThat(audit.holds()).as(audit.toJson()).isTrue();
            assertThat(audit.stages())
                    .filteredOn(stage ->
                            stage.stage().equals(AuditStage.JUDGMENTS_TO_PREFERENCES.written()))
                    .allMatch(stage -> stage.deadLettered() == 0 && stage.inFlight() == 81);
            assertThat(cluster.run(PREFIX, "dlq", "list", "--json").out())
                    .contains("\"stage\":\"observing\",\"code\":\"UNREADABLE\",\"waiting\":1");
        }
    }

    private static void write(Deployment deployment, long windowStart) throws Exception {
        try (Producer<byte[], byte[]> producer = deployment.connection().openProducer(Map.of())) {
            producer.send(
                            new ProducerRecord<>(
                                    deployment.connection().name(Topic.LABEL_STATS),
                                    deployment
                                            .codecs()
                                            .<LabelStats>codec(Topic.LABEL_STATS)
                                            .encode(
                                                    LabelStats.newBuilder()
                                                            .setJudge("judge")
                                                            .setPrinciple("harm")
                                                            .setWindowStart(windowStart)
                                                            .build())))
                    .get();
        }
    }

    @Test
    void whatIsWrittenAfterTheReadingIsFollowedWithoutAGap(OperatorCluster.Running cluster)
            throws Exception {
        try (Deployment deployment = cluster.deployment("follow");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(cluster.run("follow", "labels", "stats").err())
                    .contains("rlaif start label-stats", "labelStats.enabled: true (false here)");
            write(deployment, 1);
            LabelStatsReading reading =
                    new LabelStatsReading(deployment.connection(), deployment.codecs());
            assertThat(reading.read()).extracting(LabelStats::getWindowStart).containsExactly(1L);
            write(deployment, 2); // before anybody follows
            BlockingQueue<Long> followed = new LinkedBlockingQueue<>();
            AtomicBoolean stopped = new AtomicBoolean();
            Future<?> following =
                    threads.submit(() ->
                            reading.follow(
                                    stats -> followed.add(stats.getWindowStart()), stopped::get));
            assertThat(followed.poll(30, TimeUnit.SECONDS)).isEqualTo(2);
            write(deployment, 3);
            assertThat(followed.poll(30, TimeUnit.SECONDS)).isEqualTo(3);
            stopped.set(true);
            following.get();
        }
    }

    private static void sendNoRecord(Deployment deployment) throws Exception {
        try (Producer<byte[], byte[]> producer = deployment.connection().openProducer(Map.of())) {
            producer.send(
                            new ProducerRecord<>(
                                    deployment.connection().name(Topic.JUDGMENTS),
                                    new byte[] {1, 2, 3}))
                    .get();
        }
    }
}
