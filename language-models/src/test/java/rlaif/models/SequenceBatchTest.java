package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.junit.jupiter.api.Test;

class SequenceBatchTest {

    private static final SequenceBatch BATCH =
            new SequenceBatch(
                    List.of(new int[] {5, 6}, new int[] {7}),
                    List.of(new int[] {8, 9, 1}, new int[] {1}),
                    0);

    @Test
    void sequencesStandLeftAndPaddingRight() {
        try (NDManager manager = TensorThread.newManager()) {
            assertThat(BATCH.time()).isEqualTo(5);
            assertThat(BATCH.tokenCount()).isEqualTo(7);
            assertThat(BATCH.tokens(manager).toLongArray())
                    .containsExactly(5, 6, 8, 9, 1, 7, 1, 0, 0, 0);
        }
    }

    @Test
    void theCompletionMaskMarksThePositionBeforeEachCompletionToken() {
        try (NDManager manager = TensorThread.newManager()) {
            assertThat(BATCH.completionMask(manager).toFloatArray())
                    .containsExactly(0, 1, 1, 1, 1, 0, 0, 0);
        }
    }

    @Test
    void theLastTokenMaskMarksTheEndOfEachSequence() {
        try (NDManager manager = TensorThread.newManager()) {
            assertThat(BATCH.lastTokenMask(manager).toFloatArray())
                    .containsExactly(0, 0, 0, 0, 1, 0, 1, 0, 0, 0);
        }
    }

    @Test
    void emptyCompletionIsRefused() {
        assertThatThrownBy(() -> new SequenceBatch(List.of(new int[] {5}), List.of(new int[0]), 0))
                .hasMessageContaining("sequence 0");
    }

    @Test
    void promptsWithoutTheirCompletionsAreRefused() {
        assertThatThrownBy(() -> new SequenceBatch(List.of(new int[] {5}), List.of(), 0))
                .hasMessageContaining("1 prompts and 0 completions");
    }
}
