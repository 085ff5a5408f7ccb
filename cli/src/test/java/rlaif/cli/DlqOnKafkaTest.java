package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rlaif.events.Pair;
import rlaif.events.Prompt;
import rlaif.judging.Constitution;
import rlaif.monitor.Audit;
import rlaif.monitor.AuditStage;
import rlaif.monitor.StageReport;
import rlaif.processors.JudgeStage;
import rlaif.processors.JudgingSettings;
import rlaif.processors.PairingSettings;
import rlaif.processors.StreamsSettings;
import rlaif.topics.ClusterUnreachableException;
import rlaif.topics.DeadLetterDesk;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;

/// Dead letters that a judge stage makes, looked at, sent back and purged by command, with an audit
/// that holds after each step.
@ExtendWith(OperatorCluster.class)
class DlqOnKafkaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "dlq";
    private static OperatorCluster.Running cluster;

    @BeforeAll
    static void reach(OperatorCluster.Running running) {
        cluster = running;
    }

    @Test
    void letterComesBackOnceAndTheAuditHoldsThroughout() throws Exception {
        HeldJudge judge = new HeldJudge();
        judge.answer();
        try (Deployment deployment = cluster.deployment(PREFIX)) {
            new Constitutions(deployment).configured(Constitution.shipped());
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                    JudgeStage stage = judging(deployment, judge)) {
                Future<?> running = threads.submit(stage::run);
                for (int i = 0; i < 7; i++) {
                    write(deployment, Topic.PAIRS, pair(i, i >= 4));
                }
                send(deployment, Topic.PAIRS, new byte[] {1, 2, 3});
                await(running, () -> counts(deployment, 4, 4));
                assertThat(Audits.of(deployment).holds()).isTrue();

                JsonNode listed =
                        JSON.readTree(run(0, "list", "--code", "JUDGE_REFUSED", "--json"));
                assertThat(listed.path("topic").asText()).isEqualTo("pairs");
                assertThat(listed.path("stage").asText()).isEqualTo("judging");
                assertThat(listed.path("waiting").asInt()).isEqualTo(3);
                String letter =
                        JSON.readTree(
                                        run(
                                                        0,
                                                        "list",
                                                        "--each",
                                                        "--code",
                                                        "JUDGE_REFUSED",
                                                        "--json")
                                                .lines()
                                                .findFirst()
                                                .orElseThrow())
                                .path("letter")
                                .asText();
                assertThat(run(0, "show", letter))
                        .contains("unjudgeable")
                        .contains("by judging, JUDGE_REFUSED")
                        .contains("\"promptId\" : \"prompt\"");

                judge.refuseNothing();
                assertThat(run(0, "retry", "--topic", "pairs", "--dry-run")).contains("4 records");
                retryTwiceAtOnce(deployment, threads);
                await(running, () -> counts(deployment, 7, 1));
                assertThat(refused(ExitCode.CONFIGURATION, "retry", letter))
                        .contains("no dead letter waits");
                assertThat(run(0, "list", "--code", "JUDGE_REFUSED"))
                        .contains("no dead letter waits");
                assertThat(run(0, "show", run(0, "list", "--each").split(" ", 2)[0]))
                        .contains("sent back 1 times");
            }
            whatCannotComeBack(deployment);
        }
    }

    private static void whatCannotComeBack(Deployment deployment) throws Exception {
        Prompt prompt = Prompt.newBuilder().setId("large").build();
        long offset = write(deployment, Topic.PROMPTS, prompt);
        try (Producer<byte[], byte[]> producer = deployment.connection().openProducer(Map.of())) {
            producer.send(
                            DeadLetters.of(
                                    deployment.connection(),
                                    Topic.PROMPTS,
                                    new ConsumerRecord<>(
                                            deployment.connection().name(Topic.PROMPTS),
                                            0,
                                            offset,
                                            null,
                                            new byte[] {1}),
                                    "rollouts",
                                    DeadLetters.TOO_LARGE,
                                    1,
                                    new IllegalStateException("9 MiB")))
                    .get();
        }
        assertThat(refused(ExitCode.PARTIAL, "retry", "--topic", "prompts"))
                .contains("larger than the topic takes");
        assertThat(refused(ExitCode.USAGE, "retry")).contains("--all");

        assertThat(refused(ExitCode.USAGE, "purge", "--topic", "pairs"))
                .contains("1 dead letters would be deleted for good: say --yes");
        assertThat(counts(deployment, 7, 1)).isTrue();
        assertThat(run(0, "purge", "--topic", "pairs", "--yes"))
                .contains("1 dead letters deleted, the account of 1 kept");
        assertThat(counts(deployment, 7, 1)).isTrue();
        assertThat(refused(ExitCode.PARTIAL, "retry", "--topic", "pairs")).contains("was purged");
    }

    /// Whoever loses its turn says so; what is left is sent by the next.
    private static void retryTwiceAtOnce(Deployment deployment, ExecutorService threads)
            throws InterruptedException, ExecutionException {
        Callable<Long> retry =
                () -> {
                    try {
                        return new DeadLetterDesk(deployment.connection())
                                .retry(
                                        List.of(Topic.PAIRS),
                                        letter -> letter.retries() == 0,
                                        (_, _) -> {})
                                .done();
                    } catch (ClusterUnreachableException fenced) {
                        assertThat(fenced).hasMessageContaining("another `rlaif dlq`");
                        return 0L;
                    }
                };
        long sent = 0;
        for (Future<Long> one : threads.invokeAll(List.of(retry, retry))) {
            sent += one.get();
        }
        try {
            sent += retry.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        assertThat(sent).isEqualTo(4);
    }

    /// Whether the audit holds with so many judged and refused pairs.
    private static boolean counts(Deployment deployment, long judged, long refused) {
        Audit audit = Audits.of(deployment);
        assertThat(audit.holds()).as(audit.toJson()).isTrue();
        StageReport pairs =
                audit.stages().stream()
                        .filter(report ->
                                report.stage().equals(AuditStage.PAIRS_TO_JUDGMENTS.written()))
                        .findFirst()
                        .orElseThrow();
        return pairs.in() == 8 && pairs.out() == judged && pairs.deadLettered() == refused;
    }

    private static String run(int exitCode, String... arguments) {
        OperatorCluster.Ended ended = cluster.run(PREFIX, command(arguments));
        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(exitCode);
        return ended.out();
    }

    private static String refused(int exitCode, String... arguments) {
        OperatorCluster.Ended ended = cluster.run(PREFIX, command(arguments));
        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(exitCode);
        return ended.err();
    }

    private static String[] command(String... arguments) {
        List<String> all = new ArrayList<>(List.of("dlq"));
        all.addAll(List.of(arguments));
        return all.toArray(String[]::new);
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

    private static Pair pair(int number, boolean unjudgeable) {
        Pair pair =
                Pair.newBuilder()
                        .setId("pair-" + number)
                        .setPromptId("prompt")
                        .setPrompt(unjudgeable ? HeldJudge.UNJUDGEABLE : "hello")
                        .build();
        pair.getFirst().setCompletion("the longer completion " + number);
        pair.getSecond().setCompletion("short");
        return pair;
    }

    private static long write(Deployment deployment, Topic topic, SpecificRecord record)
            throws Exception {
        return send(
                deployment, topic, deployment.codecs().<SpecificRecord>codec(topic).encode(record));
    }

    /// Into partition 0.
    private static long send(Deployment deployment, Topic topic, byte[] value) throws Exception {
        try (Producer<byte[], byte[]> producer = deployment.connection().openProducer(Map.of())) {
            return producer.send(
                            new ProducerRecord<>(
                                    deployment.connection().name(topic),
                                    0,
                                    "prompt".getBytes(StandardCharsets.UTF_8),
                                    value))
                    .get()
                    .offset();
        }
    }

    private static void await(Future<?> running, BooleanSupplier done) throws Exception {
        for (int i = 0; i < 120 && !done.getAsBoolean(); i++) {
            if (running.isDone()) {
                running.get();
            }
            Thread.sleep(200);
        }
        assertThat(done.getAsBoolean()).isTrue();
    }
}
