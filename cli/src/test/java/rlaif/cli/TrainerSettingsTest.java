package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
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
import rlaif.trainers.loop.Pace;

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

    @Test
    void deterministicModeHoldsForEveryTrainerOnAStream() {
        Configuration asked = configuration(Map.of("trainers.deterministic", "true"));
        TrainerSettings settings = new TrainerSettings(asked);
        assertThat(
                        List.of(
                                settings.rewardModel().pace(),
                                settings.ppo().pace(),
                                settings.dpo().pace(),
                                new RevisionSettings(asked).trainer().pace()))
                .containsOnly(Pace.deterministic());
        assertThat(new TrainerSettings(configuration(Map.of())).ppo().pace())
                .isInstanceOf(Pace.Live.class);
    }

    private static Footprint footprint(Map<String, String> settings) {
        return new TrainerSettings(configuration(settings)).footprint();
    }

    private static Configuration configuration(Map<String, String> settings) {
        return Configuration.resolve(Map.of(), Optional.empty(), Map.of(), settings);
    }
}
