package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.TrainingStep;
import rlaif.topics.Topic;
import rlaif.trainers.loop.Batch;
import rlaif.trainers.loop.DroppedRecords;
import rlaif.trainers.loop.Pace;

/// The reward model on a cluster: what its versions name, and what a stop does.
@Timeout(240)
@ExtendWith(TestStreams.Shared.class)
@Execution(ExecutionMode.CONCURRENT)
class RewardModelOnKafkaTest {
    @Test
    void rewardModelVersionsNameWhatTheyConsumedAndTheGroupCommittedThat(TestStreams streams)
            throws Exception {
        try (TestStream stream = streams.open("rm")) {
            stream.announce(CheckpointRole.POLICY, 0, TinyModels.policy(7));
            stream.producePreferences(0, 120);
            rewardModel(stream).run();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.REWARD_MODEL);
            assertThat(versions)
                    .extracting(Checkpoint::getVersion)
                    .containsExactlyElementsOf(
                            LongStream.range(0, versions.size()).boxed().toList());
            assertThat(versions.size()).isGreaterThanOrEqualTo(3);
            for (Checkpoint version : versions) {
                assertThat(version.getScoreStandardDeviation()).isPositive();
                assertThat(version.getScoreMean()).isNotNull();
                assertThat(version.getScoreFrom()).hasSize(TestStream.PARTITIONS);
                assertThat(version.getMetrics()).containsKeys("loss", "held_out/brier");
            }
            Checkpoint head = versions.getLast();
            assertThat(stream.committed("train-reward-model", Topic.PREFERENCES))
                    .isEqualTo(TestStream.positions(head));
            List<TrainingStep> steps = stream.trainingSteps();
            assertThat(steps)
                    .extracting(TrainingStep::getStep)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, head.getStep()).boxed().toList());
            assertThat(steps.stream().mapToLong(RewardModelOnKafkaTest::wentThrough).sum())
                    .isEqualTo(
                            head.getConsumed().stream()
                                    .mapToLong(range -> range.getTo() - range.getFrom())
                                    .sum());
            long heldOut =
                    steps.stream()
                            .mapToLong(s -> s.getDropped().getOrDefault(Batch.HELD_OUT, 0L))
                            .sum();
            assertThat(heldOut).isPositive();
            assertThat(
                            versions.stream()
                                    .map(version -> DroppedRecords.in(version.getMetrics()))
                                    .mapToLong(dropped -> dropped.getOrDefault(Batch.HELD_OUT, 0L))
                                    .sum())
                    .isEqualTo(heldOut);
        }
    }

    private static long wentThrough(TrainingStep step) {
        return step.getRecords()
                + step.getDropped().values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void aRewardModelTrainerStartedAgainMakesWhatAnUndisturbedOneMakes(TestStreams streams)
            throws Exception {
        String undisturbed;
        try (TestStream stream = streams.open("rm-once")) {
            stream.announce(CheckpointRole.POLICY, 0, TinyModels.policy(7));
            stream.producePreferences(0, 120);
            rewardModel(stream).run();
            undisturbed = stream.checkpoints(CheckpointRole.REWARD_MODEL).getLast().getDigest();
        }
        try (TestStream stream = streams.open("rm-twice")) {
            stream.announce(CheckpointRole.POLICY, 0, TinyModels.policy(7));
            stream.producePreferences(0, 60);
            RewardModelTrainer first = rewardModel(stream, Pace.deterministic());
            Thread thread = Thread.ofPlatform().start(first::run);
            stream.await(CheckpointRole.REWARD_MODEL, 0);
            first.close();
            thread.join(Duration.ofSeconds(90));
            int before = stream.checkpoints(CheckpointRole.REWARD_MODEL).size();
            stream.producePreferences(60, 120);
            rewardModel(stream).run();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.REWARD_MODEL);
            assertThat(before).isPositive().isLessThan(versions.size());
            assertThat(versions.getLast().getDigest()).isEqualTo(undisturbed);
            assertThat(versions.getLast().getGeneration()).isEqualTo(1);
            assertThat(versions.getLast().getScoreFrom())
                    .isEqualTo(versions.getFirst().getScoreFrom());
        }
    }

    private static RewardModelTrainer rewardModel(TestStream stream) {
        return rewardModel(stream, stream.recorded(Topic.PREFERENCES));
    }

    private static RewardModelTrainer rewardModel(TestStream stream, Pace pace) {
        return new RewardModelTrainer(
                stream.workshop(),
                new RewardModelTrainer.Settings(
                        TestEvents.POLICY,
                        0,
                        5,
                        8,
                        32,
                        16,
                        1e-3,
                        new LearningRateSchedule.Constant(0),
                        0.1,
                        8,
                        40,
                        1,
                        pace));
    }
}
