package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.models.LoraSettings;
import rlaif.models.LoraTarget;
import rlaif.trainers.Footprint;
import rlaif.trainers.TrainedWeights;

class TrainerSettingsTest {

    @Test
    void everyWeightIsTrainedAStepAtOnceUnlessOtherwiseAsked() {
        assertThat(footprint(Map.of())).isEqualTo(Footprint.whole());
    }

    @Test
    void rankMakesAdaptersOfTheNamedMatrices() {
        Footprint footprint =
                footprint(
                        Map.of(
                                "lora.rank", "8",
                                "lora.alpha", "32",
                                "lora.targets", "q_proj, v_proj",
                                "train.microBatchTokens", "4096"));
        assertThat(footprint.weights())
                .isEqualTo(
                        new TrainedWeights.Adapters(
                                new LoraSettings(
                                        8, 32, Set.of(LoraTarget.Q_PROJ, LoraTarget.V_PROJ))));
        assertThat(footprint.microBatching().maxTokens()).isEqualTo(4096);
    }

    @Test
    void adaptersGoBesideEveryMatrixUnlessOtherwiseAsked() {
        assertThat(footprint(Map.of("lora.rank", "4")).weights())
                .isEqualTo(
                        new TrainedWeights.Adapters(
                                new LoraSettings(4, 16, Set.of(LoraTarget.values()))));
    }

    @Test
    void unknownMatrixIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(
                        () -> footprint(Map.of("lora.rank", "4", "lora.targets", "q_proj,c_attn")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("lora.targets is 'q_proj,c_attn'")
                .hasMessageContaining("gate_proj");
    }

    private static Footprint footprint(Map<String, String> settings) {
        return new TrainerSettings(
                        Configuration.resolve(Map.of(), Optional.empty(), Map.of(), settings))
                .footprint();
    }
}
