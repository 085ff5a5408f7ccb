package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.TrainingStep;
import rlaif.topics.Topic;
import rlaif.trainers.loop.FencedTrainerException;
import rlaif.trainers.loop.Pace;

/// What a kill, a rival, and a moved position do to PPO.
@Timeout(240)
@ExtendWith(TestStreams.Shared.class)
@Execution(ExecutionMode.CONCURRENT)
class PpoTakeoverTest {
    @Test
    void aTrainerFencedInTheMiddleNamesItsSuccessorAndTheSuccessorEndsWithTheSameDigest(
            TestStreams streams) throws Exception {
        String undisturbed;
        try (TestStream stream = streams.open("ppo-alone")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 24);
            TestPpo.trainer(stream, 5).run();
            undisturbed = stream.checkpoints(CheckpointRole.POLICY).getLast().getDigest();
        }
        try (TestStream stream = streams.open("ppo-fenced")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 8); // two steps, then it waits for more
            AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
            PpoTrainer older = TestPpo.trainer(stream, 5, Pace.deterministic());
            Thread thread = Thread.ofPlatform().start(() -> end.set(TestPpo.failureOf(older)));
            stream.await(CheckpointRole.POLICY, 2);
            try (Producer<byte[], byte[]> rival = rival(stream)) {
                rival.initTransactions();
            }
            stream.produceGroups(8, 24);
            thread.join(Duration.ofSeconds(90));
            assertThat(end.get())
                    .isInstanceOf(FencedTrainerException.class)
                    .hasMessageContaining("published by a newer trainer")
                    .hasMessageContaining("generation 0");
            assertThat(stream.checkpoints(CheckpointRole.POLICY)).hasSize(3);
            TestPpo.trainer(stream, 5).run();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.POLICY);
            assertThat(versions.getLast().getDigest()).isEqualTo(undisturbed);
            assertThat(versions).extracting(Checkpoint::getGeneration).endsWith(0, 0, 1, 1, 1);
            assertThat(stream.trainingSteps())
                    .extracting(TrainingStep::getStep)
                    .containsExactly(1L, 2L, 3L, 4L, 5L);
        }
    }

    private static Producer<byte[], byte[]> rival(TestStream stream) {
        return stream.connection.openProducer(
                Map.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        stream.connection.transactionalId(TestEvents.POLICY, "policy")));
    }

    @Test
    void aTrainerWhoseParentIsNoLongerTheHeadIsRefused(TestStreams streams) throws Exception {
        try (TestStream stream = streams.open("ppo-parent")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 4);
            AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
            PpoTrainer trainer = TestPpo.trainer(stream, 5, Pace.deterministic());
            Thread thread = Thread.ofPlatform().start(() -> end.set(TestPpo.failureOf(trainer)));
            stream.await(CheckpointRole.POLICY, 1);
            stream.announce(CheckpointRole.POLICY, 2, TinyModels.policy(8));
            stream.produceGroups(4, 8);
            thread.join(Duration.ofSeconds(90));
            assertThat(end.get())
                    .isInstanceOf(FencedTrainerException.class)
                    .hasMessageContaining("goes on from version 1")
                    .hasMessageContaining("version 2 was announced by run test-run");
        }
    }

    @Test
    void aTrainerKilledTwiceMakesTheVersionsOfAnUndisturbedOne(TestStreams streams)
            throws Exception {
        List<String> undisturbed;
        try (TestStream stream = streams.open("ppo-undisturbed")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 32);
            TestPpo.trainer(stream, 8).run();
            undisturbed = digests(stream);
        }
        try (TestStream stream = streams.open("ppo-killed")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 12); // three steps, then it waits for more
            for (int kill = 0; kill < 2; kill++) {
                try (PpoProcess process = PpoProcess.start(stream, 8)) {
                    stream.await(CheckpointRole.POLICY, 2 + 2 * kill);
                    assertThat(process.isAlive()).isTrue();
                    process.kill();
                }
                stream.produceGroups(12 + 10 * kill, 22 + 10 * kill);
            }
            TestPpo.trainer(stream, 8, Pace.deterministic()).run();
            assertThat(digests(stream)).isEqualTo(undisturbed);
            assertThat(stream.trainingSteps())
                    .extracting(TrainingStep::getStep)
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        }
    }

    private static List<String> digests(TestStream stream) {
        return stream.checkpoints(CheckpointRole.POLICY).stream()
                .map(Checkpoint::getDigest)
                .toList();
    }

    @Test
    void aGroupCommittedElsewhereThanTheCheckpointSaysIsRefused(TestStreams streams)
            throws Exception {
        try (TestStream stream = streams.open("ppo-moved")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 12);
            TestPpo.trainer(stream, 1).run();
            try (Admin admin = stream.connection.openAdmin()) {
                admin.alterConsumerGroupOffsets(
                                stream.connection.group("train-ppo"),
                                Map.of(
                                        new TopicPartition(
                                                stream.connection.name(Topic.SCORED_ROLLOUTS), 0),
                                        new OffsetAndMetadata(2)))
                        .all()
                        .get();
            }
            assertThatThrownBy(() -> TestPpo.trainer(stream, 2).run())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("its group has committed 2");
        }
    }
}
