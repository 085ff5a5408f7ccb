package rlaif.producers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutSettingsTest {
    private static RolloutSettings settings(
            String memberId, double temperature, PauseOn... pauseOn) {
        return new RolloutSettings(
                "chat",
                memberId,
                2,
                64,
                24,
                temperature,
                64,
                PolicySwap.BETWEEN_GROUPS,
                1,
                List.of(pauseOn),
                RolloutSettings.RECHECK);
    }

    @Test
    void limitBelowTwoBatchesIsRefused() {
        PauseOn tight =
                new PauseOn("rlaif-train-ppo", "rlaif.scored-rollouts.v1", 255, 2, true, false);

        assertThatThrownBy(() -> settings("worker-1", 1.0, tight))
                .hasMessageContaining("rlaif-train-ppo")
                .hasMessageContaining("255")
                .hasMessageContaining("128")
                .hasMessageEndingWith("set rollouts.promptsPerBatch to 63 or less, or raise it");
        assertThat(
                        settings(
                                        "worker-1",
                                        1.0,
                                        new PauseOn(
                                                tight.group(), tight.topic(), 256, 2, true, false))
                                .pauseOn())
                .hasSize(1);
    }

    @Test
    void temperatureAndMemberIdAreChecked() {
        assertThatThrownBy(() -> settings("worker-1", 0)).hasMessageContaining("temperature");
        assertThatThrownBy(() -> settings("worker 1", 1)).hasMessageContaining("worker 1");
    }
}
