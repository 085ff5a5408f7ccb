package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import rlaif.judging.CanaryWatch;

class JudgingSettingsTest {
    @Test
    void theDefaultsAreWholeWhicheverPartIsReadFirst() {
        assertThat(JudgingSettings.Canaries.NONE.share()).isZero();
        assertThat(JudgingSettings.DEFAULT.canaries()).isEqualTo(JudgingSettings.Canaries.NONE);
    }

    @Test
    void aShareBeyondOneIsRefused() {
        assertThatThrownBy(() -> new JudgingSettings.Canaries(1.5, CanaryWatch.Settings.DEFAULT))
                .hasMessage("canaryShare must lie in [0, 1], got 1.5");
    }
}
