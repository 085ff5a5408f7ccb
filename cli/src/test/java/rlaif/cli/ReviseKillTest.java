package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.FinishReason;
import rlaif.events.Rollout;
import rlaif.events.VersionRange;
import rlaif.monitor.AuditStage;
import rlaif.monitor.StageReport;
import rlaif.topics.Codec;
import rlaif.topics.Ids;
import rlaif.topics.Topic;
import rlaif.worlds.Faults;
import rlaif.worlds.LabelerSize;
import rlaif.worlds.NineRuleChat;
import rlaif.worlds.SimulatedJudgeServer;

/// `rlaif start revise` in a process of its own, killed while it revises.
@ExtendWith(OperatorCluster.class)
class ReviseKillTest {
    private static final String PREFIX = "revise-kill";
    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final Duration ANSWER = Duration.ofMillis(100);
    private static final int ROLLOUTS = 90;
    private static final NineRuleChat WORLD = new NineRuleChat();

    @TempDir Path folder;

    @Test
    void everyRolloutComesToOneRevisionHoweverOftenTheRoleIsKilled(OperatorCluster.Running cluster)
            throws Exception {
        try (SimulatedJudgeServer reviser =
                        SimulatedJudgeServer.start(
                                WORLD,
                                WORLD.labeler(LabelerSize.LARGE),
                                Map.of(),
                                0,
                                Faults.none().withDelay(ANSWER));
                Deployment deployment = cluster.deployment(PREFIX)) {
            write(deployment);
            List<String> command = command(cluster, reviser);
            for (int kill = 1; kill <= 2; kill++) {
                try (RlaifProcess role = RlaifProcess.start(folder, command)) {
                    await(deployment, role, kill * ROLLOUTS / 3);
                    role.kill();
                }
                assertThat(report(deployment).inFlight()).isPositive();
            }
            try (RlaifProcess role = RlaifProcess.start(folder, command)) {
                await(deployment, role, ROLLOUTS);
                role.stop(LONGEST);
                assertThat(role.exitCode()).isEqualTo(ExitCode.STOPPED);
                assertThat(role.err()).contains("stopping; started again, it goes on");
            }
            StageReport revised = report(deployment);
            assertThat(revised.in()).isEqualTo(ROLLOUTS);
            assertThat(revised.out()).isEqualTo(ROLLOUTS);
            assertThat(revised.lost()).isZero();
            assertThat(revised.duplicated()).isZero();
        }
    }

    private static List<String> command(
            OperatorCluster.Running cluster, SimulatedJudgeServer reviser) {
        List<String> command = new ArrayList<>(List.of("start", "revise"));
        cluster.settings(PREFIX)
                .forEach((key, value) -> command.addAll(List.of("-X", key + "=" + value)));
        command.addAll(List.of("-X", "revise.url=" + reviser.uri(), "-X", "revise.rounds=2"));
        command.addAll(List.of("-X", "judge.maxInFlight=4"));
        return command;
    }

    private static void write(Deployment deployment) throws Exception {
        Codec<Rollout> codec = deployment.codecs().codec(Topic.ROLLOUTS);
        try (Producer<byte[], byte[]> producer = deployment.connection().openProducer(Map.of())) {
            List<Future<RecordMetadata>> written = new ArrayList<>();
            for (int i = 0; i < ROLLOUTS; i++) {
                Rollout rollout = rollout(i);
                written.add(
                        producer.send(
                                new ProducerRecord<>(
                                        deployment.connection().name(Topic.ROLLOUTS),
                                        rollout.getPromptId().getBytes(StandardCharsets.UTF_8),
                                        codec.encode(rollout))));
            }
            for (Future<RecordMetadata> one : written) {
                one.get();
            }
        }
    }

    private static Rollout rollout(int number) {
        String prompt = WORLD.prompt(1, number).text();
        String promptId = Ids.prompt("test", Integer.toString(number), 0);
        String groupId = Ids.group(promptId);
        return Rollout.newBuilder()
                .setId(Ids.rollout(groupId, 0))
                .setPromptId(promptId)
                .setGroupId(groupId)
                .setIndex(0)
                .setGroupSize(2)
                .setPrompt(prompt)
                .setPromptTokens(List.of(3))
                .setCompletion(WORLD.write(prompt, number))
                .setCompletionTokens(List.of(5, 1))
                .setBehaviourLogprobs(List.of(-0.5f, -0.25f))
                .setPolicy("policy")
                .setPolicyVersions(List.of(new VersionRange(0L, 0, 2)))
                .setTemperature(1.0)
                .setTopP(1.0)
                .setTopK(0)
                .setMaxTokens(32)
                .setSeed((long) number)
                .setFinishReason(FinishReason.EOS)
                .setTokenizerDigest("ab".repeat(32))
                .build();
    }

    private static StageReport report(Deployment deployment) {
        return Audits.of(deployment).stages().stream()
                .filter(stage -> stage.stage().equals(AuditStage.ROLLOUTS_TO_REVISIONS.written()))
                .findFirst()
                .orElseThrow();
    }

    private static void await(Deployment deployment, RlaifProcess role, int revisions)
            throws Exception {
        Instant deadline = Instant.now().plus(LONGEST);
        while (report(deployment).out() < revisions) {
            assertThat(Instant.now()).as(role.err()).isBefore(deadline);
            Thread.sleep(200);
        }
    }
}
