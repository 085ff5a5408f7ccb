package rlaif.trainers.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import rlaif.models.AdamW;
import rlaif.models.Transformer;
import rlaif.trainers.TinyModels;
import rlaif.trainers.WantedToken;

class PpoUpdateTest {
    private final Transformer policy = TinyModels.policy(1);
    private final Transformer reference = policy.copy();
    private final Transformer valueModel = policy.withZeroScalarHead();
    private final AdamW policyOptimizer = new AdamW(policy, PpoSettings.ADAM);
    private final AdamW valueOptimizer = new AdamW(valueModel, PpoSettings.ADAM);

    @AfterEach
    void close() {
        policyOptimizer.close();
        valueOptimizer.close();
        policy.close();
        reference.close();
        valueModel.close();
    }

    @Test
    void ratioOfTheFirstMinibatchIsExactlyOne() {
        Map<String, Double> metrics = update(1).update(rollouts(1), 3, 1);
        assertThat(metrics.get("val/ratio")).isEqualTo(1.0);
        assertThat(metrics.get("val/ratio_var")).isZero();
        assertThat(metrics.get("policy/approxkl_avg")).isZero();
        assertThat(metrics.get("policy/clipfrac_avg")).isZero();
    }

    @Test
    void ratioMovesAwayFromOneOnTheSecond() {
        Map<String, Double> metrics = update(2).update(rollouts(1), 3, 1);
        assertThat(metrics.get("val/ratio_var")).isPositive();
    }

    @Test
    void proximalPolicyAgreesWithTheSamplerOfTheSameVersion() {
        Map<String, Double> metrics = update(2).update(rollouts(1), 3, 1);
        assertThat(metrics.get("lag/behaviour_gap_max")).isLessThanOrEqualTo(1e-3);
        assertThat(metrics.get("lag/truncated_frac")).isZero();
        assertThat(metrics.get("objective/kl")).isCloseTo(0, Offset.offset(1e-3));
    }

    @Test
    void gapOfStaleRolloutsIsSeen() {
        List<ScoredSequence> stale = rollouts(1);
        update(2).update(stale, 3, 20);
        Map<String, Double> metrics = update(2).update(stale, 4, 1);
        assertThat(metrics.get("lag/behaviour_gap")).isGreaterThan(1e-3);
    }

    @Test
    void whatScoresHighGrowsLikelier() {
        double before = WantedToken.share(rollouts(100));
        for (int step = 0; step < 30; step++) {
            update(2).update(rollouts(step), step, 10);
        }
        assertThat(WantedToken.share(rollouts(100))).isGreaterThan(before + 0.3);
    }

    @Test
    void completionThatNeverEndedLosesThePenalty() {
        PpoSettings settings = PpoSettings.defaults();
        ScoredSequence ended = sequence(true);
        ScoredSequence unended = sequence(false);
        Map<String, Double> metrics = update(1).update(List.of(ended, unended), 1, 1);
        assertThat(metrics.get("objective/scores"))
                .isCloseTo(1 - settings.missingEndPenalty() / 2, Offset.offset(1e-9));
        assertThat(metrics.get("val/num_eos_tokens")).isEqualTo(1);
    }

    @Test
    void sameBatchAndSeedGiveTheSameWeightsBitForBit() {
        List<ScoredSequence> batch = rollouts(1);
        update(2).update(batch, 3, 1);
        try (Transformer again = reference.copy();
                Transformer valueAgain = reference.withZeroScalarHead();
                AdamW optimizer = new AdamW(again, PpoSettings.ADAM);
                AdamW valueOptimizerAgain = new AdamW(valueAgain, PpoSettings.ADAM)) {
            new PpoUpdate(
                            again,
                            optimizer,
                            reference,
                            valueAgain,
                            valueOptimizerAgain,
                            PpoVariants.minibatches(2))
                    .update(batch, 3, 1);
            assertThat(again.parameters().toFloatArray())
                    .isEqualTo(policy.parameters().toFloatArray());
            assertThat(valueAgain.parameters().toFloatArray())
                    .isEqualTo(valueModel.parameters().toFloatArray());
        }
    }

    @Test
    void nothingIsLeftBehindByAStep() {
        List<ScoredSequence> batch = rollouts(1);
        update(2).update(batch, 1, 1);
        List<Integer> before = managed();
        for (int step = 0; step < 5; step++) {
            update(2).update(batch, step, 1);
        }
        assertThat(managed()).isEqualTo(before);
    }

    @Test
    void updateWithoutAFiniteLossIsLeftOutAndTheOthersAreMade() {
        ScoredSequence huge =
                new ScoredSequence(
                        new int[] {2, 3},
                        new int[] {8, 9},
                        new float[] {-2, -3},
                        1e30,
                        true,
                        0,
                        "g");
        Map<String, Double> metrics = update(2).update(List.of(huge, sequence(true)), 1, 1);
        assertThat(metrics.get("skipped_updates")).isEqualTo(1.0);
        assertThat(valueOptimizer.updates()).isEqualTo(1);
        assertThat(policyOptimizer.updates()).isEqualTo(2);
        for (float weight : valueModel.parameters().toFloatArray()) {
            assertThat(weight).isFinite();
        }
    }

    @Test
    void stepWithoutAFiniteLossLeavesWeightsAndOptimizerAsTheyWere() {
        float[] before = policy.parameters().toFloatArray();
        valueModel.parameters().set(new NDIndex("32"), Float.NaN);
        Map<String, Double> metrics = update(2).update(rollouts(1), 1, 1);
        assertThat(metrics.get("skipped_updates")).isEqualTo(4.0);
        assertThat(policyOptimizer.updates()).isZero();
        assertThat(policy.parameters().toFloatArray()).isEqualTo(before);
    }

    @Test
    void sequenceWhoseLogprobsDoNotMatchItsTokensIsRefused() {
        assertThatThrownBy(() ->
                        new ScoredSequence(
                                new int[] {2}, new int[] {3, 4}, new float[] {-1}, 0, true, 0, "g"))
                .hasMessageContaining("2 tokens needs as many behaviour logprobs, got 1");
    }

    private List<Integer> managed() {
        return Stream.of(policy, reference, valueModel).map(WantedToken::arrays).toList();
    }

    private List<ScoredSequence> rollouts(long seed) {
        return WantedToken.rollouts(policy, seed);
    }

    private PpoUpdate update(int minibatches) {
        return new PpoUpdate(
                policy,
                policyOptimizer,
                reference,
                valueModel,
                valueOptimizer,
                PpoVariants.minibatches(minibatches));
    }

    private static ScoredSequence sequence(boolean ended) {
        return new ScoredSequence(
                new int[] {2, 3}, new int[] {8, 9}, new float[] {-2, -3}, 1, ended, 0, "group");
    }
}
