package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import rlaif.monitor.tensorboard.ForeignEventsException;
import rlaif.trainers.DemonstrationsRefusedException;
import rlaif.trainers.batching.SkippedUpdates;
import rlaif.trainers.loop.SkippedSteps;

class FailureReportTest {

    @Test
    void trainingThatDivergedEndsWithItsOffsetsAndIsNoBug() {
        SkippedSteps skipped = new SkippedSteps("policy.train-ppo.1");
        Throwable diverged =
                catchThrowable(() -> {
                    for (int step = 1; step <= SkippedSteps.MOST_IN_A_ROW; step++) {
                        skipped.took(
                                step,
                                SkippedUpdates.whole(),
                                "scored-rollouts-0",
                                OptionalLong.of(3));
                    }
                });
        StringWriter err = new StringWriter();
        int code =
                FailureReport.print(
                        FailureReport.of("train-ppo", diverged), false, new PrintWriter(err));
        assertThat(code).isEqualTo(ExitCode.VERIFICATION);
        assertThat(err.toString())
                .startsWith("rlaif: train-ppo: policy.train-ppo.1: loss or gradient")
                .contains("step 1 on scored-rollouts-0")
                .doesNotContain("-v");
    }

    @Test
    void demonstrationsThatCannotBeTrainedOnAreTheConfigurationsFault() {
        var refused = new DemonstrationsRefusedException("a demonstration has 9 tokens");
        assertThat(FailureReport.of("train-sft", refused).exitCode())
                .isEqualTo(ExitCode.CONFIGURATION);
    }

    @Test
    void aTensorBoardFolderOfAnotherStreamIsTheConfigurationsFault() {
        var foreign = new ForeignEventsException("runs holds steps of another stream");
        assertThat(FailureReport.of("tensorboard", foreign).exitCode())
                .isEqualTo(ExitCode.CONFIGURATION);
    }
}
