package rlaif.producers;

import static org.assertj.core.api.Assertions.assertThat;
import static rlaif.producers.TestWorker.GROUP_SIZE;
import static rlaif.producers.TestWorker.ask;
import static rlaif.producers.TestWorker.prompt;
import static rlaif.producers.TestWorker.rollouts;
import static rlaif.producers.TestWorker.settings;
import static rlaif.producers.TestWorker.start;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.Rollout;
import rlaif.events.VersionRange;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.GroupLag;
import rlaif.topics.Ids;
import rlaif.topics.Topic;

@ExtendWith(SharedCluster.class)
@Execution(ExecutionMode.CONCURRENT)
class RolloutProducerTest {
    @TempDir private static Path folder;
    private static TestCluster cluster;

    @BeforeAll
    static void take(TestCluster shared) {
        cluster = shared;
    }

    @Test
    void eachPromptGetsOneWholeGroupOfTheNewestPolicyOrADeadLetter() throws IOException {
        Connection connection = cluster.withTopics("whole");
        try (Codecs codecs = new Codecs(connection)) {
            TinyPolicy policy = new TinyPolicy(connection, codecs, folder.resolve("whole"));
            policy.announce(0);
            ask(connection, codecs, 0, 20);
            refused(connection, codecs);
            try (TestWorker worker = start(connection, codecs, policy, settings("worker-1"))) {
                TestCluster.await("20 groups", () -> rollouts(connection, codecs).size() == 60);
                TestCluster.await("3 dead letters", () -> letters(connection).size() == 3);
                policy.announce(1);
                ask(connection, codecs, 20, 24);
                TestCluster.await("4 groups", () -> rollouts(connection, codecs).size() == 72);
                assertThat(worker.failures).isEmpty();
            }

            assertWholeGroups(rollouts(connection, codecs));
            assertThat(letters(connection))
                    .extracting(RolloutProducerTest::code)
                    .containsExactlyInAnyOrder("UNREADABLE", "TOO_LONG", "EMPTY");
            assertNothingIsDoneTwice(connection, codecs, policy);
        }
    }

    private static void refused(Connection connection, Codecs codecs) {
        TestCluster.write(
                connection,
                List.of(
                        new ProducerRecord<>(
                                connection.name(Topic.PROMPTS), 0, null, new byte[] {1, 2, 3}),
                        prompt(connection, codecs, "long", "w1 ".repeat(17)),
                        prompt(connection, codecs, "blank", "  ")));
    }

    private static List<ConsumerRecord<byte[], byte[]>> letters(Connection connection) {
        return TestCluster.read(connection, connection.deadLetters(Topic.PROMPTS));
    }

    private static String code(ConsumerRecord<byte[], byte[]> letter) {
        return new String(
                letter.headers().lastHeader(DeadLetters.CODE_HEADER).value(),
                StandardCharsets.UTF_8);
    }

    private static void assertWholeGroups(List<Rollout> rollouts) {
        Map<String, List<Rollout>> groups =
                rollouts.stream().collect(Collectors.groupingBy(Rollout::getPromptId));
        assertThat(groups).hasSize(24);
        groups.forEach((promptId, group) -> {
            assertThat(group).extracting(Rollout::getIndex).containsExactly(0, 1, 2);
            assertThat(group).extracting(Rollout::getGroupId).containsOnly(Ids.group(promptId));
            group.forEach(RolloutProducerTest::assertComplete);
        });
        assertThat(rollouts.stream().filter(r -> version(r) == 1)).hasSize(12);
    }

    private static long version(Rollout rollout) {
        return rollout.getPolicyVersions().getFirst().getVersion();
    }

    private static void assertComplete(Rollout rollout) {
        int tokens = rollout.getCompletionTokens().size();
        assertThat(rollout.getId())
                .isEqualTo(Ids.rollout(rollout.getGroupId(), rollout.getIndex()));
        assertThat(rollout.getPromptTokens()).hasSize(3).startsWith(3, 4);
        assertThat(tokens).isBetween(1, 8);
        assertThat(rollout.getBehaviourLogprobs())
                .hasSize(tokens)
                .allMatch(logprob -> logprob <= 0 && logprob > -100);
        assertThat(rollout.getPolicyVersions())
                .containsExactly(new VersionRange(version(rollout), 0, tokens));
        assertThat(rollout.getSeed()).isEqualTo(Ids.seed(rollout.getId()));
        assertThat(rollout.getTemperature()).isEqualTo(1.0);
        assertThat(rollout.getTopP()).isEqualTo(1.0);
        assertThat(rollout.getTopK()).isZero();
        assertThat(rollout.getCategory()).isEqualTo("benign");
        assertThat(rollout.getCompletion()).doesNotContain("<end>");
    }

    private static void assertNothingIsDoneTwice(
            Connection connection, Codecs codecs, TinyPolicy policy) {
        try (TestWorker _ = start(connection, codecs, policy, settings("worker-1"))) {
            ask(connection, codecs, 24, 25);
            TestCluster.await("1 group", () -> rollouts(connection, codecs).size() >= 75);
        }
        assertThat(rollouts(connection, codecs)).hasSize(75);
        assertThat(letters(connection)).hasSize(3);
    }

    @Test
    void versionsThatComeInFlightTakeOverWithoutLosingAPrompt() throws IOException {
        Connection connection = cluster.withTopics("flight");
        try (Codecs codecs = new Codecs(connection)) {
            TinyPolicy policy = new TinyPolicy(connection, codecs, folder.resolve("flight"));
            policy.announce(0);
            ask(connection, codecs, 0, 100);
            try (TestWorker worker =
                    start(connection, codecs, policy, settings("worker-1", PolicySwap.IN_FLIGHT))) {
                TestCluster.await("a group", () -> !rollouts(connection, codecs).isEmpty());
                policy.announce(1);
                TestCluster.await("all groups", () -> rollouts(connection, codecs).size() == 300);
                TestCluster.await(
                        "the newer version",
                        () -> {
                            ask(connection, codecs, 100, 101);
                            return newestVersion(rollouts(connection, codecs)) == 1;
                        });
                assertThat(worker.failures).isEmpty();
            }
            for (Rollout rollout : rollouts(connection, codecs)) {
                assertGapless(rollout);
            }
        }
    }

    private static long newestVersion(List<Rollout> rollouts) {
        return rollouts.stream()
                .flatMap(rollout -> rollout.getPolicyVersions().stream())
                .mapToLong(VersionRange::getVersion)
                .max()
                .orElseThrow();
    }

    private static void assertGapless(Rollout rollout) {
        int next = 0;
        for (VersionRange range : rollout.getPolicyVersions()) {
            assertThat(range.getFrom()).isEqualTo(next);
            next = range.getTo();
        }
        assertThat(next).isEqualTo(rollout.getCompletionTokens().size());
    }

    @ParameterizedTest
    @EnumSource(PolicySwap.class)
    void aVersionThatCannotSampleGivesWayToTheOneBeforeIt(PolicySwap swap) throws IOException {
        String name = "broken-" + swap.name().toLowerCase(Locale.ROOT).replace('_', '-');
        Connection connection = cluster.withTopics(name);
        try (Codecs codecs = new Codecs(connection)) {
            TinyPolicy policy = new TinyPolicy(connection, codecs, folder.resolve(name));
            policy.announce(0);
            policy.announceOneThatCannotSample(1);
            ask(connection, codecs, 0, 20);
            RolloutSettings settings = settings("worker-1", swap);
            try (TestWorker worker = TestWorker.start(connection, codecs, policy, settings)) {
                TestCluster.await("all groups", () -> rollouts(connection, codecs).size() >= 60);
                assertThat(worker.failures).isEmpty();
            }
            assertThat(rollouts(connection, codecs))
                    .hasSize(60)
                    .extracting(RolloutProducerTest::version)
                    .containsOnly(0L);
        }
    }

    @Test
    void workerWaitsForAPolicyAndForThoseBehind() throws IOException, InterruptedException {
        Connection connection = cluster.withTopics("waits");
        try (Codecs codecs = new Codecs(connection);
                Admin admin = connection.openAdmin()) {
            TinyPolicy policy = new TinyPolicy(connection, codecs, folder.resolve("waits"));
            String judge = connection.group("judge");
            String score = connection.group("score");
            String revise = connection.group("revise"); // at work, with nothing committed
            String stranger = connection.group("score-elsewhere"); // never commits
            String topic = connection.name(Topic.ROLLOUTS);
            commit(admin, judge, topic, 0);
            commit(admin, score, topic, 0);
            ask(connection, codecs, 0, 200);
            try (TestWorker worker =
                    start(
                            connection,
                            codecs,
                            policy,
                            settings(
                                    "worker-1",
                                    new PauseOn(judge, topic, 60, GROUP_SIZE, false, false),
                                    new PauseOn(revise, topic, 60, GROUP_SIZE, false, true),
                                    new PauseOn(stranger, topic, 30, GROUP_SIZE, false, false),
                                    new PauseOn(score, topic, 30, GROUP_SIZE, true, false)))) {
                Thread.sleep(500);
                assertThat(rollouts(connection, codecs)).isEmpty();

                policy.announce(0);
                TestCluster.await(
                        "a full backlog of the judge",
                        () -> rollouts(connection, codecs).size() > 30);
                assertPaused(connection, codecs, admin, judge, 60);

                policy.announce(
                        Checkpoint.newBuilder().setRole(CheckpointRole.REWARD_MODEL).setVersion(0));
                commit(admin, judge, topic, 10_000);
                assertPaused(connection, codecs, admin, revise, 60);
                commit(admin, revise, topic, 10_000);
                assertPaused(connection, codecs, admin, score, 60);
                commit(admin, score, topic, 10_000);
                TestCluster.await("all groups", () -> rollouts(connection, codecs).size() == 600);
                assertThat(worker.failures).isEmpty();
            }
        }
    }

    private static void commit(Admin admin, String group, String topic, long position) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        for (int partition = 0; partition < 4; partition++) {
            positions.put(new TopicPartition(topic, partition), new OffsetAndMetadata(position));
        }
        try {
            admin.alterConsumerGroupOffsets(group, positions).all().get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertPaused(
            Connection connection, Codecs codecs, Admin admin, String group, long limit)
            throws InterruptedException {
        int before;
        do {
            before = rollouts(connection, codecs).size();
            Thread.sleep(600);
        } while (rollouts(connection, codecs).size() > before);
        assertThat(new GroupLag(admin).lag(group, connection.name(Topic.ROLLOUTS)))
                .isLessThanOrEqualTo(limit);
    }
}
