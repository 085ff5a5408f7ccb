package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.topics.Topic;
import rlaif.trainers.dpo.DpoSettings;
import rlaif.trainers.ppo.KlController;
import rlaif.trainers.ppo.PpoVariants;

/// RLOO and DPO on a cluster: they go on exactly after a stop.
@Timeout(240)
@ExtendWith(TestStreams.Shared.class)
@Execution(ExecutionMode.CONCURRENT)
class OtherAlgorithmsOnKafkaTest {
    @Test
    void rlooGoesOnExactlyAfterAStopWithTheCoefficientItHadReached(TestStreams streams)
            throws Exception {
        KlController adaptive = new KlController.Adaptive(0.2, 0.5, 100);
        String undisturbed;
        try (TestStream stream = streams.open("rloo")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 24);
            rloo(stream, adaptive, 3).run();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.POLICY);
            undisturbed = versions.getLast().getDigest();
            assertThat(versions.getLast().getMetrics().get("objective/kl_coef")).isNotEqualTo(0.2);
            assertThat(stream.folder(versions.getLast()).resolve("trainer"))
                    .isDirectoryNotContaining("glob:**value*");
        }
        try (TestStream stream = streams.open("rloo-again")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 24);
            rloo(stream, adaptive, 1).run();
            rloo(stream, adaptive, 3).run();
            assertThat(stream.checkpoints(CheckpointRole.POLICY).getLast().getDigest())
                    .isEqualTo(undisturbed);
        }
    }

    private static PpoTrainer rloo(TestStream stream, KlController kl, long lastVersion) {
        return new PpoTrainer(
                stream.workshop(),
                new PpoTrainer.Settings(
                        PpoTrainer.Algorithm.RLOO,
                        TestEvents.POLICY,
                        0,
                        TestEvents.SCORER,
                        PpoTrainer.ValueOrigin.REFERENCE_POLICY,
                        9,
                        4,
                        TestEvents.GROUP_SIZE,
                        1,
                        lastVersion,
                        8,
                        PpoVariants.kl(kl),
                        new LearningRateSchedule.Constant(0),
                        1,
                        stream.recorded(Topic.SCORED_ROLLOUTS)));
    }

    @Test
    void dpoPublishesPoliciesFromPreferencesAloneAndGoesOnExactlyAfterAStop(TestStreams streams)
            throws Exception {
        String undisturbed;
        try (TestStream stream = streams.open("dpo")) {
            stream.announce(CheckpointRole.POLICY, 0, TinyModels.policy(7));
            stream.producePreferences(0, 24);
            dpo(stream, 3).run();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.POLICY);
            assertThat(versions).extracting(Checkpoint::getVersion).containsExactly(0L, 1L, 2L, 3L);
            assertThat(stream.committed("train-dpo", Topic.PREFERENCES))
                    .isEqualTo(TestStream.positions(versions.getLast()))
                    .isEqualTo(new TreeMap<>(Map.of(0, 12L, 1, 12L)));
            assertThat(stream.checkpoints(CheckpointRole.REWARD_MODEL)).isEmpty();
            undisturbed = versions.getLast().getDigest();
        }
        try (TestStream stream = streams.open("dpo-again")) {
            stream.announce(CheckpointRole.POLICY, 0, TinyModels.policy(7));
            stream.producePreferences(0, 24);
            dpo(stream, 1).run();
            dpo(stream, 3).run();
            assertThat(stream.checkpoints(CheckpointRole.POLICY).getLast().getDigest())
                    .isEqualTo(undisturbed);
        }
    }

    private static DpoTrainer dpo(TestStream stream, long lastVersion) {
        return new DpoTrainer(
                stream.workshop(),
                new DpoTrainer.Settings(
                        TestEvents.POLICY,
                        0,
                        9,
                        8,
                        1,
                        lastVersion,
                        8,
                        DpoSettings.defaults(),
                        new LearningRateSchedule.Constant(0),
                        1,
                        stream.recorded(Topic.PREFERENCES)));
    }
}
