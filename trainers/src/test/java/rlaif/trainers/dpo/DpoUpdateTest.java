package rlaif.trainers.dpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.BaseNDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import rlaif.models.AdamW;
import rlaif.models.Transformer;
import rlaif.trainers.TinyModels;
import rlaif.trainers.reward.LabelledPair;

class DpoUpdateTest {
    private static final int WANTED = 7;

    private final Transformer policy = TinyModels.policy(1);
    private final Transformer reference = policy.copy();
    private final AdamW optimizer = new AdamW(policy, DpoSettings.ADAM);
    private final DpoUpdate update =
            new DpoUpdate(policy, optimizer, reference, DpoSettings.defaults());

    @AfterEach
    void close() {
        optimizer.close();
        policy.close();
        reference.close();
    }

    @Test
    void policyBeginsWithoutAnOpinionOfItsOwn() {
        Map<String, Double> metrics = update.update(List.of(pair(1), pair(0)), 1e-9);
        assertThat(metrics.get("rewards/margins")).isCloseTo(0, Offset.offset(1e-5));
        assertThat(metrics.get("loss/policy_avg")).isCloseTo(Math.log(2), Offset.offset(1e-5));
    }

    @Test
    void learnsToPreferTheCompletionWithTheWantedToken() {
        Random random = new Random(2);
        Map<String, Double> metrics = Map.of();
        for (int step = 0; step < 40; step++) {
            metrics = update.update(pairs(random, 16), 10);
        }
        assertThat(metrics.get("rewards/accuracies")).isGreaterThan(0.95);
        assertThat(metrics.get("rewards/margins")).isPositive();
    }

    @Test
    void doubtfulLabelMovesThePolicyLessThanACertainOne() {
        assertThat(normOfGradient(0.6)).isLessThan(normOfGradient(1) / 3);
    }

    @Test
    void sameBatchGivesTheSameWeightsBitForBit() {
        List<LabelledPair> batch = pairs(new Random(4), 8);
        update.update(batch, 1);
        try (Transformer again = reference.copy();
                AdamW optimizerAgain = new AdamW(again, DpoSettings.ADAM)) {
            new DpoUpdate(again, optimizerAgain, reference, DpoSettings.defaults())
                    .update(batch, 1);
            assertThat(again.parameters().toFloatArray())
                    .isEqualTo(policy.parameters().toFloatArray());
        }
    }

    @Test
    void nothingIsLeftBehindByAStep() {
        List<LabelledPair> batch = pairs(new Random(4), 8);
        update.update(batch, 1);
        int before = managed();
        for (int step = 0; step < 5; step++) {
            update.update(batch, 1);
        }
        assertThat(managed()).isEqualTo(before);
    }

    @Test
    void batchSmallerThanItsMinibatchesIsRefused() {
        assertThatThrownBy(() -> update.update(List.of(pair(1)), 1))
                .hasMessageContaining("1 pairs cannot be cut into 2 minibatches");
    }

    private double normOfGradient(double p) {
        try (Transformer fresh = reference.copy();
                AdamW ofFresh = new AdamW(fresh, DpoSettings.ADAM)) {
            return new DpoUpdate(fresh, ofFresh, reference, DpoSettings.defaults())
                    .update(List.of(pair(p), pair(p)), 1)
                    .getOrDefault("policy/grad_norm", Double.NaN);
        }
    }

    private int managed() {
        return ((BaseNDManager) policy.manager()).getManagedArrays().size()
                + ((BaseNDManager) reference.manager()).getManagedArrays().size();
    }

    private static LabelledPair pair(double p) {
        return new LabelledPair(new int[] {2, 3}, new int[] {8, 9, 1}, new int[] {5, 1}, p);
    }

    /// One completion of each pair holds the wanted token, and is preferred for it.
    private static List<LabelledPair> pairs(Random random, int count) {
        List<LabelledPair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] with = {2 + random.nextInt(4), WANTED, TinyModels.END};
            int[] without = {2 + random.nextInt(4), 8 + random.nextInt(6), TinyModels.END};
            int[] prompt = {2 + random.nextInt(4), 3};
            boolean first = random.nextBoolean();
            pairs.add(
                    new LabelledPair(
                            prompt, first ? with : without, first ? without : with, first ? 1 : 0));
        }
        return pairs;
    }
}
