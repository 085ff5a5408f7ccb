package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/// Learning rates over steps.
class LearningRateScheduleTest {
    @Test
    void aStreamWithoutEndKeepsTheFullRateAfterWarmUp() {
        LearningRateSchedule constant = new LearningRateSchedule.Constant(4);
        assertThat(constant.factor(1)).isEqualTo(0.25);
        assertThat(constant.factor(4)).isEqualTo(1);
        assertThat(constant.factor(1_000_000)).isEqualTo(1);
    }

    @Test
    void linearDecayFallsFromOneAtTheFirstStepToNothingAfterTheLast() {
        LearningRateSchedule decay = new LearningRateSchedule.LinearDecay(0, 10);
        assertThat(decay.factor(1)).isEqualTo(1);
        assertThat(decay.factor(6)).isEqualTo(0.5);
        assertThat(decay.factor(10)).isEqualTo(0.1);
        assertThat(decay.factor(11)).isZero();
        assertThat(decay.factor(50)).isZero();
    }

    @Test
    void decayWithinWarmUpIsRefused() {
        assertThatThrownBy(() -> new LearningRateSchedule.LinearDecay(10, 10))
                .hasMessageContaining("totalSteps must exceed warmupSteps (10), got 10");
    }
}
