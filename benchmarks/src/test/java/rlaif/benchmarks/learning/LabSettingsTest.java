package rlaif.benchmarks.learning;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rlaif.trainers.PpoTrainer;
import rlaif.trainers.dpo.DpoSettings;

class LabSettingsTest {

    @ParameterizedTest
    @CsvSource({"ppo, PPO", "rloo, RLOO", "grpo, GRPO", "d-rlaif, PPO"})
    void theLabMeasuresWhatTheTrainerRuns(String algorithm, PpoTrainer.Algorithm trained) {
        assertThat(LabSettings.of("--algorithm", algorithm).ppo()).isEqualTo(trained.defaults());
    }

    @Test
    void theLabMeasuresWhatDpoRuns() {
        assertThat(LabSettings.of("--algorithm", "dpo").dpo()).isEqualTo(DpoSettings.defaults());
    }
}
