package rlaif.trainers.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import rlaif.trainers.ppo.PolicyMetrics;

class SkippedStepsTest {
    private final SkippedSteps skipped = new SkippedSteps("policy.train-ppo.1");

    @Test
    void oneBadBatchNowAndThenDoesNotStopTraining() {
        assertThatCode(
                        () -> {
                            for (int step = 1; step < 50; step++) {
                                skipped.took(
                                        step,
                                        step % SkippedSteps.MOST_IN_A_ROW == 0
                                                ? Map.of("loss", 1.0)
                                                : SkippedSteps.whole(),
                                        "somewhere");
                            }
                        })
                .doesNotThrowAnyException();
    }

    @Test
    void tooManyInARowStopItAndNameTheirOffsets() {
        for (int step = 1; step < SkippedSteps.MOST_IN_A_ROW; step++) {
            skipped.took(step, SkippedSteps.whole(), "scored-rollouts-0 [%d, ..)".formatted(step));
        }
        assertThatThrownBy(() ->
                        skipped.took(
                                SkippedSteps.MOST_IN_A_ROW,
                                SkippedSteps.whole(),
                                "scored-rollouts-0 [9, ..)"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("policy.train-ppo.1")
                .hasMessageContaining("step 1 on scored-rollouts-0 [1, ..)")
                .hasMessageContaining("step 5 on scored-rollouts-0 [9, ..)");
    }

    @Test
    void stepOfWhichAPartWasLeftOutCountsByTheSameName() {
        assertThat(PolicyMetrics.SKIPPED_UPDATES).isEqualTo(SkippedSteps.SKIPPED_UPDATES);
    }
}
