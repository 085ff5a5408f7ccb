package rlaif.trainers.loop;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import rlaif.trainers.batching.SkippedUpdates;
import rlaif.trainers.ppo.PolicyMetrics;
import rlaif.trainers.ppo.PpoSettings;

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
                                                : SkippedUpdates.whole(),
                                        "somewhere",
                                        OptionalLong.of(step));
                            }
                        })
                .doesNotThrowAnyException();
    }

    @Test
    void tooManyInARowStopItAndNameTheirOffsets() {
        for (int step = 1; step < SkippedSteps.MOST_IN_A_ROW; step++) {
            skipped.took(
                    step,
                    SkippedUpdates.whole(),
                    "scored-rollouts-0 [%d, ..)".formatted(step),
                    OptionalLong.of(13 + step));
        }
        assertThatThrownBy(() ->
                        skipped.took(
                                SkippedSteps.MOST_IN_A_ROW,
                                SkippedUpdates.whole(),
                                "scored-rollouts-0 [9, ..)",
                                OptionalLong.of(18)))
                .isInstanceOf(TrainingDivergedException.class)
                .hasMessageContaining("policy.train-ppo.1")
                .hasMessageContaining("step 1 on scored-rollouts-0 [1, ..)")
                .hasMessageContaining("step 5 on scored-rollouts-0 [9, ..)")
                .hasMessageContaining("rlaif policy rollback 14 ");
    }

    @Test
    void stepOfWhichAPartWasLeftOutCountsAsOneThatWasLeftOutWhole() {
        PolicyMetrics metrics = new PolicyMetrics(PpoSettings.defaults(), 0.1, List.of());
        metrics.skippedUpdate();
        Map<String, Double> inPart = metrics.summary(1e-3);
        for (int step = 1; step < SkippedSteps.MOST_IN_A_ROW; step++) {
            skipped.took(step, inPart, "somewhere", OptionalLong.empty());
        }
        assertThatThrownBy(() ->
                        skipped.took(
                                SkippedSteps.MOST_IN_A_ROW,
                                inPart,
                                "somewhere",
                                OptionalLong.empty()))
                .hasMessageContaining("5 steps in a row");
    }
}
