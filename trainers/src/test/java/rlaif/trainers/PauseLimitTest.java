package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/// Limits on what may wait for a trainer.
class PauseLimitTest {
    @Test
    void aLimitBelowACheckpointAndTwoBatchesIsRefusedWithTheLeastThatServes() {
        PauseLimit ppo = PpoTrainer.Settings.defaults("policy", "reward-model", 1).pauseLimit();
        assertThat(ppo.leastRecords()).isEqualTo(768);
        assertThatCode(() -> ppo.require(768)).doesNotThrowAnyException();
        assertThatThrownBy(() -> ppo.require(767))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "rollouts.pauseOn: train-ppo: 767 is too low, the trainer commits every 256 records and takes 256 a step: set at least 768");
    }

    @Test
    void theRewardModelsLimitCoversWarmUpAndWhatIsHeldOut() {
        PauseLimit limit = RewardModelTrainer.Settings.defaults("policy", 1).pauseLimit();
        assertThat(limit.recordsPerCheckpoint()).isEqualTo(3234); // 3072 / 0.95
        assertThat(limit.leastRecords()).as("half of it may decide nothing").isGreaterThan(6468);
    }
}
