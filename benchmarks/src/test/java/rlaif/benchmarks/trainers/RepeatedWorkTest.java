package rlaif.benchmarks.trainers;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rlaif.models.TensorThread;

class RepeatedWorkTest {
    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void everyKindOfWorkCanBeRepeated(RepeatedWork work) throws IOException {
        TensorThread.prepare(1);
        try (RepeatedWork.Steps steps = work.open(folder)) {
            assertThatCode(
                            () -> {
                                steps.step(1);
                                steps.step(2);
                            })
                    .doesNotThrowAnyException();
        }
    }
}
