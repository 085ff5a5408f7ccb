package rlaif.trainers.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rlaif.models.AdamW;
import rlaif.models.Transformer;
import rlaif.trainers.TinyModels;

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
    void exampleWithoutCompletionIsRefused() {
        assertThatThrownBy(() -> new SupervisedExample(new int[] {2}, new int[0]))
                .hasMessageContaining("needs a prompt and a completion");
    }
}
