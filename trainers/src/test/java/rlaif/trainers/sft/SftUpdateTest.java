package rlaif.trainers.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rlaif.models.AdamW;
import rlaif.models.Transformer;
import rlaif.trainers.TinyModels;
import rlaif.trainers.batching.MicroBatching;

class SftUpdateTest {
    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.95, 1e-8, 0, 1);
    private static final List<SupervisedExample> BATCH =
            List.of(
                    new SupervisedExample(new int[] {2, 3}, new int[] {4, 5, TinyModels.END}),
                    new SupervisedExample(
                            new int[] {2, 6, 7}, new int[] {8, 9, 10, TinyModels.END}));

    @Test
    void lossFallsFromGuessingToKnowing() {
        try (Transformer policy = TinyModels.policy(1);
                AdamW optimizer = new AdamW(policy, ADAM)) {
            SftUpdate update = new SftUpdate(policy, optimizer);
            Map<String, Double> first = update.update(BATCH, 1e-2);
            for (int step = 0; step < 60; step++) {
                update.update(BATCH, 1e-2);
            }
            assertThat(first.get("loss")).isBetween(2.0, 3.5); // log 16 = 2.77
            assertThat(update.update(BATCH, 1e-2).get("loss")).isLessThan(0.1);
        }
    }

    @Test
    void onlyCompletionTokensCount() {
        try (Transformer policy = TinyModels.policy(1);
                AdamW optimizer = new AdamW(policy, ADAM)) {
            assertThat(new SftUpdate(policy, optimizer).update(BATCH, 1e-3))
                    .containsEntry("num_tokens", 7.0)
                    .containsEntry("learning_rate", 1e-3);
        }
    }

    @Test
    void dividedStepIsTheUndividedOneButForRounding() {
        List<SupervisedExample> batch = new ArrayList<>(BATCH);
        for (int length = 3; length < 20; length++) {
            int[] completion = new int[length];
            Arrays.fill(completion, 2 + length % 7);
            batch.add(new SupervisedExample(new int[] {2, 3, 4}, completion));
        }
        try (Transformer policy = TinyModels.policy(1);
                AdamW optimizer = new AdamW(policy, ADAM);
                Transformer divided = policy.copy();
                AdamW dividedOptimizer = new AdamW(divided, ADAM)) {
            SftUpdate update = new SftUpdate(policy, optimizer);
            SftUpdate inParts = new SftUpdate(divided, dividedOptimizer, new MicroBatching(40));
            for (int step = 0; step < 3; step++) {
                Map<String, Double> whole = update.update(batch, 1e-3);
                Map<String, Double> parts = inParts.update(batch, 1e-3);
                assertThat(parts.get("loss")).isCloseTo(whole.get("loss"), offset(1e-5));
                assertThat(parts.get("grad_norm")).isCloseTo(whole.get("grad_norm"), offset(1e-5));
                assertThat(whole).containsEntry("batch/micro_batches", 1.0);
                assertThat(parts.get("batch/micro_batches")).isGreaterThan(4);
                assertThat(parts.get("batch/padding_frac"))
                        .isLessThan(0.1)
                        .isLessThan(whole.get("batch/padding_frac"));
            }
            assertThat(divided.parameters().toFloatArray())
                    .containsExactly(policy.parameters().toFloatArray(), offset(2e-5f));
        }
    }

    @Test
    void exampleWithoutCompletionIsRefused() {
        assertThatThrownBy(() -> new SupervisedExample(new int[] {2}, new int[0]))
                .hasMessageContaining("needs a prompt and a completion");
    }
}
