package rlaif.trainers.reward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import rlaif.models.Transformer;
import rlaif.trainers.TinyModels;
import rlaif.trainers.batching.MicroBatching;

/// What a reward model says of completions, and how many tokens go through it at once.
class RewardScoresTest {
    private final List<int[]> prompts = new ArrayList<>();
    private final List<int[]> completions = new ArrayList<>();

    RewardScoresTest() {
        Random random = new Random(5);
        for (int i = 0; i < 70; i++) {
            prompts.add(tokens(random, 1 + random.nextInt(6)));
            completions.add(tokens(random, 1 + random.nextInt(20)));
        }
    }

    private static int[] tokens(Random random, int count) {
        return random.ints(count, 2, 16).toArray();
    }

    @Test
    void scoreDoesNotDependOnThePaddingOrTheNeighbours() {
        try (Transformer rewardModel = TinyModels.rewardModel(4)) {
            double[] together = RewardScores.raw(rewardModel, prompts, completions);
            for (int i = 0; i < together.length; i++) {
                double[] alone =
                        RewardScores.raw(
                                rewardModel, List.of(prompts.get(i)), List.of(completions.get(i)));
                assertThat(alone[0]).isCloseTo(together[i], Offset.offset(1e-5));
            }
            assertThat(together[0]).isNotCloseTo(together[1], Offset.offset(1e-4));
        }
    }

    @Test
    void budgetThatHoldsEverySliceChangesNoBitAndASmallerOneOnlyRounding() {
        try (Transformer rewardModel = TinyModels.rewardModel(4)) {
            double[] whole = RewardScores.raw(rewardModel, prompts, completions);
            double[] within =
                    RewardScores.raw(rewardModel, prompts, completions, new MicroBatching(64 * 26));
            double[] divided =
                    RewardScores.raw(rewardModel, prompts, completions, new MicroBatching(100));
            assertThat(within).isEqualTo(whole);
            for (int i = 0; i < whole.length; i++) {
                assertThat(divided[i]).isCloseTo(whole[i], Offset.offset(1e-5));
            }
        }
    }
}
