package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rlaif.cli.config.Configuration;
import rlaif.events.Judgment;
import rlaif.events.Outcome;
import rlaif.events.Preference;
import rlaif.events.PreferenceWriter;
import rlaif.events.Rollout;
import rlaif.monitor.AuditStage;
import rlaif.topics.Topic;

/// Audits by whoever has no configuration of the run.
@ExtendWith(OperatorCluster.class)
class AuditOnKafkaTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    /// A stream as its roles were configured.
    private static Deployment stream(
            OperatorCluster.Running cluster, String prefix, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(cluster.settings(prefix));
        all.putAll(settings);
        return Deployment.open(
                Configuration.resolve(Map.of(), Optional.empty(), Map.of(), all), false, _ -> {});
    }

    private static void write(
            Deployment deployment, Topic topic, List<? extends SpecificRecord> records)
            throws Exception {
        try (Producer<byte[], byte[]> producer = deployment.connection().openProducer(Map.of())) {
            for (SpecificRecord record : records) {
                producer.send(
                                new ProducerRecord<>(
                                        deployment.connection().name(topic),
                                        0,
                                        null,
                                        deployment
                                                .codecs()
                                                .<SpecificRecord>codec(topic)
                                                .encode(record)))
                        .get();
            }
        }
    }

    private static void commit(Deployment deployment, String role, String topic, long position)
            throws Exception {
        try (Admin admin = deployment.connection().openAdmin()) {
            admin.alterConsumerGroupOffsets(
                            deployment.connection().group(role),
                            Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(position)))
                    .all()
                    .get();
        }
    }

    private static Rollout rollout(int number, String category) {
        return Rollout.newBuilder()
                .setId("rollout-" + number)
                .setPromptId("prompt-" + number)
                .setGroupId("group-" + number)
                .setGroupSize(1)
                .setCategory(category)
                .build();
    }

    private static Optional<JsonNode> stage(OperatorCluster.Ended ended, AuditStage stage)
            throws Exception {
        for (JsonNode report : JSON.readTree(ended.out()).path("stages")) {
            if (report.path("stage").asText().equals(stage.written())) {
                return Optional.of(report);
            }
        }
        return Optional.empty();
    }

    @Test
    void whatWaitsForTheJudgeThatScoresIsInFlightAndNotAbstained(OperatorCluster.Running cluster)
            throws Exception {
        try (Deployment deployment =
                stream(
                        cluster,
                        "audit-score",
                        Map.of("score.by", "judge", "revise.categories", "red-team"))) {
            RoleNotes.write(deployment, Roles.SCORE, _ -> {});
            RoleNotes.write(deployment, Roles.REVISE, _ -> {});
            write(
                    deployment,
                    Topic.ROLLOUTS,
                    List.of(rollout(1, "benign"), rollout(2, "red-team"), rollout(3, "benign")));
            String rollouts = deployment.connection().name(Topic.ROLLOUTS);
            commit(deployment, "revise", rollouts, 1);
        }

        OperatorCluster.Ended ended = cluster.run("audit-score", "audit", "--json");

        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(ExitCode.OK);
        JsonNode scored = stage(ended, AuditStage.ROLLOUTS_TO_SCORED_ROLLOUTS).orElseThrow();
        assertThat(scored.path("inFlight").asInt()).isEqualTo(3);
        assertThat(scored.path("abstained").asInt()).isZero();
        JsonNode revised = stage(ended, AuditStage.ROLLOUTS_TO_REVISIONS).orElseThrow();
        assertThat(revised.path("in").asInt()).isEqualTo(1);
        assertThat(revised.path("lost").asInt()).isZero();
    }

    @Test
    void whatNobodyNotedIsNotAccountedForAndTheConfigurationIsAskedFor(
            OperatorCluster.Running cluster) throws Exception {
        try (Deployment deployment = stream(cluster, "audit-silent", Map.of())) {
            write(deployment, Topic.ROLLOUTS, List.of(rollout(1, "benign"), rollout(2, "other")));
            String rollouts = deployment.connection().name(Topic.ROLLOUTS);
            for (String role : List.of("revise", "judge", "score")) {
                commit(deployment, role, rollouts, role.equals("revise") ? 2 : 0);
            }
        }

        OperatorCluster.Ended unknown = cluster.run("audit-silent", "audit", "--json");

        assertThat(unknown.exitCode()).as(unknown.err()).isEqualTo(ExitCode.PARTIAL);
        assertThat(stage(unknown, AuditStage.ROLLOUTS_TO_REVISIONS)).isEmpty();
        assertThat(unknown.err()).contains("rollouts -> revisions: not accounted for", "--config");

        Path settings = Files.writeString(folder.resolve("run.yaml"), "revise.categories: none\n");
        OperatorCluster.Ended known =
                cluster.run("audit-silent", "audit", "--json", "--config", settings.toString());

        assertThat(known.exitCode()).as(known.err()).isEqualTo(ExitCode.OK);
        assertThat(stage(known, AuditStage.ROLLOUTS_TO_REVISIONS).orElseThrow().path("in").asInt())
                .isZero();
    }

    @Test
    void judgmentsThatAreLabelledAnewAreCountedWhereTheyAre(OperatorCluster.Running cluster)
            throws Exception {
        String judgments;
        try (Deployment live = stream(cluster, "audit-live", Map.of())) {
            judgments = live.connection().name(Topic.JUDGMENTS);
            write(live, Topic.JUDGMENTS, List.of(judgment(1), judgment(2), judgment(3)));
        }
        try (Deployment again =
                stream(cluster, "audit-again", Map.of("labels.readPrefix", "audit-live"))) {
            RoleNotes.write(again, Roles.JUDGE, _ -> {});
            commit(again, "judge", judgments, 2);
            write(
                    again,
                    Topic.PREFERENCES,
                    List.of(
                            Preference.newBuilder()
                                    .setId("preference-1")
                                    .setJudgmentId("judgment-1")
                                    .build()));
        }

        OperatorCluster.Ended ended = cluster.run("audit-again", "audit", "--json");

        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(ExitCode.VERIFICATION);
        JsonNode labelled = stage(ended, AuditStage.JUDGMENTS_TO_PREFERENCES).orElseThrow();
        assertThat(labelled.path("in").asInt()).isEqualTo(3);
        assertThat(labelled.path("out").asInt()).isEqualTo(1);
        assertThat(labelled.path("inFlight").asInt()).isEqualTo(1);
        assertThat(labelled.path("examples").toString()).contains("judgment-2");
    }

    @Test
    void notesOfWhatIsLabelledAnewFromTopicsWithoutAPrefixAreRead(OperatorCluster.Running cluster) {
        try (Deployment again = stream(cluster, "audit-dot", Map.of("labels.readPrefix", "."))) {
            RoleNotes.write(again, Roles.JUDGE, _ -> {});

            Configuration noted =
                    RoleNotes.read(again)
                            .of(
                                    Roles.JUDGE,
                                    Configuration.resolve(
                                            Map.of(), Optional.empty(), Map.of(), Map.of()));

            assertThat(new LabelSettings(noted).readPrefix()).hasValue("");
        }
    }

    private static Judgment judgment(int number) {
        return Judgment.newBuilder()
                .setId("judgment-" + number)
                .setPairId("pair-" + number)
                .setOutcome(Outcome.PREFERRED)
                .setPreferenceWriter(PreferenceWriter.JUDGING)
                .build();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "audit",
                "constitution show",
                "dlq list",
                "export preferences --format jsonl",
                "labels export",
                "labels stats",
                "policy list",
                "policy rollback 0"
            })
    void aPrefixWithoutAStreamIsNoStreamWithoutALoss(
            String command, OperatorCluster.Running cluster) {
        try (Deployment _ = stream(cluster, "audit-there", Map.of())) {
            OperatorCluster.Ended ended = cluster.run("audit-absent", command.split(" "));

            assertThat(ended.exitCode()).as(ended.err()).isEqualTo(ExitCode.CONFIGURATION);
            assertThat(ended.err())
                    .contains(
                            "there is no stream with topics.prefix 'audit-absent' here",
                            "topics.prefix 'audit-there'",
                            "--config");
        }
    }
}
