package rlaif.producers;

import static org.assertj.core.api.Assertions.assertThat;
import static rlaif.producers.TestWorker.GROUP_SIZE;
import static rlaif.producers.TestWorker.ask;
import static rlaif.producers.TestWorker.rollouts;
import static rlaif.producers.TestWorker.settings;
import static rlaif.producers.TestWorker.start;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import rlaif.events.Rollout;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;

@ExtendWith(SharedCluster.class)
@Execution(ExecutionMode.CONCURRENT)
class RolloutTakeoverTest {
    @TempDir private static Path folder;
    private static TestCluster cluster;

    @BeforeAll
    static void take(TestCluster shared) {
        cluster = shared;
    }

    @Test
    void newerWorkerOfTheSameMemberIdTakesOverAndNothingIsDoneTwice() throws IOException {
        Connection connection = cluster.withTopics("takeover");
        try (Codecs codecs = new Codecs(connection)) {
            TinyPolicy policy = new TinyPolicy(connection, codecs, folder.resolve("takeover"));
            policy.announce(0);
            ask(connection, codecs, 0, 300);
            try (TestWorker older = start(connection, codecs, policy, settings("worker-1"));
                    TestWorker newer = afterSomeRollouts(connection, codecs, policy)) {
                TestCluster.await("the older to end", () -> !older.thread.isAlive());
                assertThat(older.failures)
                        .hasSize(1)
                        .first()
                        .isInstanceOf(SupersededException.class);
                TestCluster.await("all groups", () -> rollouts(connection, codecs).size() >= 900);
                assertThat(newer.failures).isEmpty();
            }

            assertThat(rollouts(connection, codecs))
                    .extracting(Rollout::getId)
                    .hasSize(900)
                    .doesNotHaveDuplicates();
        }
    }

    private static TestWorker afterSomeRollouts(
            Connection connection, Codecs codecs, TinyPolicy policy) {
        TestCluster.await("rollouts", () -> !rollouts(connection, codecs).isEmpty());
        return start(connection, codecs, policy, settings("worker-1"));
    }

    @Test
    void workerWhoseCommitEndsUnknownWhileANewerStartsNamesTheNewer() throws IOException {
        Connection connection = cluster.withTopics("disturbed-takeover");
        try (Codecs codecs = new Codecs(connection)) {
            TinyPolicy policy = new TinyPolicy(connection, codecs, folder.resolve("dist-takeover"));
            policy.announce(0);
            ask(connection, codecs, 0, 300);
            List<TestWorker> newer = new ArrayList<>();
            DisturbedProducer.Disturbance takeover =
                    _ -> {
                        newer.add(start(connection, codecs, policy, settings("worker-1")));
                        int before = rollouts(connection, codecs).size();
                        TestCluster.await(
                                "rollouts of the newer",
                                () -> rollouts(connection, codecs).size() > before);
                    };
            try (TestWorker older =
                    new TestWorker(
                            new RolloutProducer(
                                    connection,
                                    codecs,
                                    policy.store(),
                                    settings("worker-1"),
                                    DisturbedProducer.opener(connection, Map.of(3, takeover))))) {
                TestCluster.await("the older to end", () -> !older.thread.isAlive());
                TestCluster.await("all groups", () -> rollouts(connection, codecs).size() >= 900);
                assertThat(older.failures)
                        .hasSize(1)
                        .first()
                        .isInstanceOf(SupersededException.class);
                assertThat(newer.getFirst().failures).isEmpty();
            } finally {
                newer.forEach(TestWorker::close);
            }

            assertThat(rollouts(connection, codecs))
                    .extracting(Rollout::getId)
                    .hasSize(900)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void unknownEndsOfCommitsLoseNothingAndDoNothingTwice() throws IOException {
        Connection connection = cluster.withTopics("disturbed");
        try (Codecs codecs = new Codecs(connection)) {
            TinyPolicy policy = new TinyPolicy(connection, codecs, folder.resolve("disturbed"));
            policy.announce(0);
            ask(connection, codecs, 0, 100);
            try (TestWorker worker =
                    new TestWorker(
                            new RolloutProducer(
                                    connection,
                                    codecs,
                                    policy.store(),
                                    settings("worker-1"),
                                    DisturbedProducer.opener(
                                            connection,
                                            Map.of(
                                                    1,
                                                    DisturbedProducer.Disturbance.LOST,
                                                    3,
                                                    DisturbedProducer.Disturbance.DONE,
                                                    4,
                                                    DisturbedProducer.Disturbance.LOST))))) {
                TestCluster.await("all groups", () -> rollouts(connection, codecs).size() >= 300);
                ask(connection, codecs, 100, 101);
                TestCluster.await("1 group", () -> rollouts(connection, codecs).size() >= 303);
                assertThat(worker.failures).isEmpty();
            }

            assertThat(rollouts(connection, codecs))
                    .extracting(Rollout::getId)
                    .hasSize(303)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void workersShareThePrompts() throws IOException {
        Connection connection = cluster.withTopics("workers");
        try (Codecs codecs = new Codecs(connection)) {
            TinyPolicy policy = new TinyPolicy(connection, codecs, folder.resolve("workers"));
            policy.announce(0);
            ask(connection, codecs, 0, 100);
            RolloutProducer first =
                    new RolloutProducer(connection, codecs, policy.store(), settings("worker-1"));
            RolloutProducer second =
                    new RolloutProducer(connection, codecs, policy.store(), settings("worker-2"));
            try (TestWorker one = new TestWorker(first);
                    TestWorker two = new TestWorker(second)) {
                for (int i = 100; second.sampled() == 0 && i < 3000; i += 50) {
                    ask(connection, codecs, i, i + 50);
                    int asked = i + 50;
                    TestCluster.await(
                            "all groups", () -> first.sampled() + second.sampled() == asked);
                }
                assertThat(one.failures).isEmpty();
                assertThat(two.failures).isEmpty();
            }

            assertThat(second.sampled()).isPositive();
            List<Rollout> rollouts = rollouts(connection, codecs);
            assertThat(rollouts)
                    .extracting(Rollout::getId)
                    .hasSize((int) (GROUP_SIZE * (first.sampled() + second.sampled())))
                    .doesNotHaveDuplicates();
        }
    }
}
