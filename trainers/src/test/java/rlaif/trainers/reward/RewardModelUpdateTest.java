package rlaif.trainers.reward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import rlaif.models.AdamW;
import rlaif.models.Transformer;
import rlaif.trainers.TinyModels;
import rlaif.trainers.batching.MicroBatching;

class RewardModelUpdateTest {
    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.95, 1e-8, 0, 1);
    private static final int WANTED = 5;

    @Test
    void learnsToPreferTheCompletionWithTheWantedToken() {
        Random random = new Random(1);
        try (Transformer rewardModel = TinyModels.rewardModel(1);
                AdamW optimizer = new AdamW(rewardModel, ADAM)) {
            RewardModelUpdate update = new RewardModelUpdate(rewardModel, optimizer);
            Map<String, Double> metrics = Map.of();
            for (int step = 0; step < 60; step++) {
                metrics = update.update(pairs(random, 24), 5e-3);
            }
            assertThat(metrics.get("margin")).isPositive();
            assertThat(evaluated(rewardModel, pairs(random, 100)).accuracy()).isGreaterThan(0.95);
        }
    }

    @Test
    void biasOfTheScoreStaysNone() {
        try (Transformer rewardModel = TinyModels.rewardModel(1);
                AdamW optimizer = new AdamW(rewardModel, ADAM)) {
            RewardModelUpdate update = new RewardModelUpdate(rewardModel, optimizer);
            for (int step = 0; step < 5; step++) {
                update.update(pairs(new Random(step), 24), 5e-3);
            }
            float[] weights = rewardModel.parameters().toFloatArray();
            assertThat(weights[weights.length - 1]).isZero(); // the bias comes last
        }
    }

    @Test
    void swappingEveryPairChangesNeitherLossNorStep() {
        List<LabelledPair> pairs = pairs(new Random(2), 8);
        List<LabelledPair> swapped = pairs.stream().map(LabelledPair::swapped).toList();
        try (Transformer one = TinyModels.rewardModel(3);
                Transformer other = TinyModels.rewardModel(3);
                AdamW optimizerOfOne = new AdamW(one, ADAM);
                AdamW optimizerOfOther = new AdamW(other, ADAM)) {
            Map<String, Double> metrics =
                    new RewardModelUpdate(one, optimizerOfOne).update(pairs, 1e-3);
            Map<String, Double> swappedMetrics =
                    new RewardModelUpdate(other, optimizerOfOther).update(swapped, 1e-3);
            for (String name : List.of("loss", "margin", "mean_reward", "grad_norm")) {
                assertThat(swappedMetrics.get(name))
                        .as(name)
                        .isCloseTo(metrics.get(name), Offset.offset(1e-5));
            }
        }
    }

    @Test
    void dividedStepIsTheUndividedOneButForRounding() {
        List<LabelledPair> pairs = pairs(new Random(6), 20);
        // the gradient of the head's bias is 0 but for rounding, which a small epsilon would
        // enlarge
        AdamW.Settings steady = new AdamW.Settings(0.9, 0.95, 1e-5, 0, 1);
        try (Transformer whole = TinyModels.rewardModel(3);
                Transformer divided = TinyModels.rewardModel(3);
                AdamW optimizer = new AdamW(whole, steady);
                AdamW dividedOptimizer = new AdamW(divided, steady)) {
            RewardModelUpdate update = new RewardModelUpdate(whole, optimizer);
            RewardModelUpdate inParts =
                    new RewardModelUpdate(divided, dividedOptimizer, new MicroBatching(50));
            for (int step = 0; step < 3; step++) {
                Map<String, Double> expected = update.update(pairs, 1e-3);
                Map<String, Double> found = inParts.update(pairs, 1e-3);
                for (String name :
                        List.of("loss", "accuracy", "margin", "mean_reward", "grad_norm")) {
                    assertThat(found.get(name))
                            .as(name)
                            .isCloseTo(expected.get(name), Offset.offset(1e-5));
                }
                assertThat(expected.get("batch/padding_frac")).isGreaterThan(0.1);
                assertThat(found.get("batch/padding_frac")).isLessThan(0.1);
            }
            assertThat(divided.parameters().toFloatArray())
                    .containsExactly(whole.parameters().toFloatArray(), Offset.offset(2e-5f));
        }
    }

    private static RewardModelEvaluation evaluated(
            Transformer rewardModel, List<LabelledPair> pairs) {
        return RewardModelEvaluation.of(rewardModel, pairs, MicroBatching.undivided());
    }

    /// Pairs of random completions, of which exactly one holds the wanted token.
    private static List<LabelledPair> pairs(Random random, int count) {
        List<LabelledPair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] good = completion(random);
            good[random.nextInt(good.length - 1)] = WANTED;
            LabelledPair pair =
                    new LabelledPair(
                            new int[] {2, 3 + random.nextInt(2)}, good, completion(random), 0.95);
            pairs.add(random.nextBoolean() ? pair : pair.swapped());
        }
        return pairs;
    }

    private static int[] completion(Random random) {
        int[] completion = new int[2 + random.nextInt(4)];
        for (int t = 0; t < completion.length; t++) {
            completion[t] = WANTED + 1 + random.nextInt(10);
        }
        completion[completion.length - 1] = TinyModels.END;
        return completion;
    }
}
