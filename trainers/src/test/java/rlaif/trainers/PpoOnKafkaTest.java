package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.ScoredRollout;
import rlaif.events.TrainingStep;
import rlaif.models.Transformer;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;
import rlaif.trainers.loop.Pace;

/// PPO on a cluster: what becomes visible together, what is kept, and what a bad record does.
@Timeout(240)
@ExtendWith(TestStreams.Shared.class)
@Execution(ExecutionMode.CONCURRENT)
class PpoOnKafkaTest {
    @Test
    void ppoPublishesEachStepWithItsOffsetsAndEndsAfterItsLastVersion(TestStreams streams)
            throws Exception {
        try (TestStream stream = streams.open("ppo")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 24);
            TestPpo.trainer(stream, 3).run();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.POLICY);
            assertThat(versions).extracting(Checkpoint::getVersion).containsExactly(0L, 1L, 2L, 3L);
            assertThat(versions)
                    .extracting(Checkpoint::getParent)
                    .containsExactly(null, 0L, 1L, 2L);
            assertThat(stream.committed("train-ppo", Topic.SCORED_ROLLOUTS))
                    .isEqualTo(TestStream.positions(versions.getLast()))
                    .isEqualTo(new TreeMap<>(Map.of(0, 12L, 1, 12L)));
            TrainingStep last = stream.trainingSteps().getLast();
            assertThat(last.getPolicyVersion()).isEqualTo(2);
            assertThat(last.getReferenceVersion()).isZero();
            assertThat(last.getScorerVersions()).containsExactly(0L);
            assertThat(last.getRecords()).isEqualTo(8);
            assertThat(stream.folder(versions.get(1)).resolve("trainer")).doesNotExist();
            assertThat(stream.folder(versions.get(2)).resolve("trainer")).isNotEmptyDirectory();
            assertThat(stream.folder(versions.get(3)).resolve("trainer")).isNotEmptyDirectory();
            TestPpo.trainer(stream, 3).run();
            assertThat(stream.checkpoints(CheckpointRole.POLICY)).hasSize(4);
        }
    }

    @Test
    void versionsThatAreNoLongerKeptAreAnnouncedAndDeleted(TestStreams streams) {
        try (TestStream stream = streams.open("ppo-retention")) {
            stream.announceFirstModels();
            try (Transformer model = TinyModels.policy(8)) {
                for (long version = 1; version < 9; version++) {
                    stream.announce(CheckpointRole.POLICY, version, model);
                }
            }
            stream.produceGroups(0, 16, 8);
            TestPpo.trainer(stream, 12).run();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.POLICY);
            assertThat(versions.get(10).getRetired()).isEmpty();
            assertThat(versions.get(11).getRetired()).containsExactly(1L);
            assertThat(versions.get(12).getRetired()).containsExactly(2L);
            for (Checkpoint version : versions) {
                if (List.of(1L, 2L).contains(version.getVersion())) {
                    assertThatThrownBy(() -> stream.folder(version))
                            .hasMessageContaining("was deleted, since retention");
                } else {
                    assertThat(stream.folder(version)).exists();
                }
            }
        }
    }

    @Test
    void badRecordsBecomeDeadLettersWithTheVersionThatPassesThem(TestStreams streams) {
        try (TestStream stream = streams.open("ppo-bad")) {
            stream.announceFirstModels();
            stream.produce(Topic.SCORED_ROLLOUTS, 0, new byte[] {1, 2, 3});
            stream.produce(
                    Topic.SCORED_ROLLOUTS,
                    1,
                    stream.codecs
                            .<ScoredRollout>codec(Topic.SCORED_ROLLOUTS)
                            .encode(
                                    TestEvents.scoredRollout(99, 0, 0, stream.tokenizer.digest())
                                            .setScore(null)
                                            .build()));
            assertThat(stream.deadLetters(Topic.SCORED_ROLLOUTS)).isEmpty();
            stream.produceGroups(0, 4);
            TestPpo.trainer(stream, 1).run();
            assertThat(stream.deadLetters(Topic.SCORED_ROLLOUTS))
                    .extracting(letter ->
                            new String(
                                    letter.headers().lastHeader(DeadLetters.CODE_HEADER).value(),
                                    StandardCharsets.UTF_8))
                    .containsExactlyInAnyOrder("UNREADABLE", "MISSING_SCORE");
            assertThat(stream.trainingSteps().getLast().getDropped())
                    .containsOnly(Map.entry("UNREADABLE", 1L), Map.entry("MISSING_SCORE", 1L));
        }
    }

    @Test
    void aClosedTrainerReturnsWithoutPublishingHalfAStep(TestStreams streams) throws Exception {
        try (TestStream stream = streams.open("ppo-closed")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 3);
            PpoTrainer trainer = TestPpo.trainer(stream, 5, Pace.deterministic());
            AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
            Thread thread = Thread.ofPlatform().start(() -> end.set(TestPpo.failureOf(trainer)));
            Thread.sleep(1000);
            trainer.close();
            thread.join(Duration.ofSeconds(90));
            assertThat(thread.isAlive()).isFalse();
            assertThat(end.get()).isNull();
            assertThat(stream.checkpoints(CheckpointRole.POLICY)).hasSize(1);
        }
    }

    @Test
    void ppoLearnsFromAJudgesScoresWhereNoRewardModelIsEverAnnounced(TestStreams streams)
            throws Exception {
        try (TestStream stream = streams.open("direct")) {
            stream.announce(CheckpointRole.POLICY, 0, TinyModels.policy(7));
            stream.produceGroups(0, 8);
            Pace recorded = stream.recorded(Topic.SCORED_ROLLOUTS);
            TestPpo.trainer(stream, 2, recorded, PpoTrainer.ValueOrigin.REFERENCE_POLICY).run();
            assertThat(stream.checkpoints(CheckpointRole.POLICY))
                    .extracting(Checkpoint::getVersion)
                    .containsExactly(0L, 1L, 2L);
            assertThat(stream.checkpoints(CheckpointRole.REWARD_MODEL)).isEmpty();
        }
    }
}
