package rlaif.trainers.grouped;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import rlaif.trainers.Twin;
import rlaif.trainers.ppo.PolicyLoss;

class GroupObjectivesTest {
    private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

    private final Twin common = Twin.of("advantages");
    private final Twin policy = Twin.of("policy");

    @Test
    void rewardsAndAdvantagesOfRlooEqualTheTwins() {
        Twin twin = Twin.of("rloo");
        double[] rewards = rewards(new Rloo(), twin);
        Twin.assertClose(rewards, twin.numbers("rewards"));
        Twin.assertClose(new Rloo().advantages(rewards), twin.numbers("advantages"));
    }

    @Test
    void advantagesOfGrpoEqualTheTwins() {
        Twin twin = Twin.of("grpo");
        Twin.assertClose(
                new Grpo().advantages(rewards(new Grpo(), twin)), twin.numbers("advantages"));
    }

    @Test
    void lossOfRlooAndItsGradientEqualTheTwins() {
        requireLoss(new Rloo(), Twin.of("rloo"));
    }

    @Test
    void lossOfGrpoAndItsGradientEqualTheTwins() {
        requireLoss(new Grpo(), Twin.of("grpo"));
    }

    @Test
    void advantagesOfAGroupSumToNothing() {
        double[] rewards = {3, -1, 0.5, 2};
        for (GroupObjective objective : new GroupObjective[] {new Rloo(), new Grpo()}) {
            assertThat(Arrays.stream(objective.advantages(rewards)).sum()).isCloseTo(0, ROUNDING);
        }
    }

    @Test
    void completionWithNobodyToCompareWithHasNoAdvantage() {
        assertThat(new Rloo().advantages(new double[] {5})).containsExactly(0);
        assertThat(new Grpo().advantages(new double[] {5})).containsExactly(0);
    }

    @Test
    void groupOfEqualScoresTeachesNothing() {
        assertThat(new Rloo().advantages(new double[] {2, 2, 2})).containsOnly(0);
        assertThat(new Grpo().advantages(new double[] {2, 2, 2})).containsOnly(0);
    }

    private double[] rewards(GroupObjective objective, Twin twin) {
        double[] rewards = new double[Twin.rows()];
        for (int row = 0; row < rewards.length; row++) {
            rewards[row] =
                    objective.reward(
                            common.numbers("scores")[row],
                            Arrays.stream(common.completion("k1", row)).sum(),
                            twin.number("beta"));
        }
        return rewards;
    }

    private void requireLoss(GroupObjective objective, Twin twin) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray current = twin.grid(manager, "current");
            twin.assertLoss(() -> loss(manager, objective, twin, current), current, "gradient");
        }
    }

    private NDArray loss(NDManager manager, GroupObjective objective, Twin twin, NDArray current) {
        NDArray mask = Twin.mask(manager);
        NDArray ratios = PolicyLoss.ratios(current, policy.grid(manager, "proximal"), mask);
        return GroupLoss.of(
                ratios,
                tokenWeights(manager, objective, twin, 1),
                tokenWeights(manager, objective, twin, -1),
                policy.grid(manager, "lower"),
                policy.grid(manager, "upper"),
                objective.penalty(
                        manager,
                        current,
                        common.grid(manager, "reference"),
                        mask,
                        twin.number("beta")),
                tokenWeights(manager, objective, twin, 0));
    }

    /// `c w` times the part of the advantages that has `sign`; for sign 0, `c w` itself.
    private NDArray tokenWeights(NDManager manager, GroupObjective objective, Twin twin, int sign) {
        double[] weights = policy.numbers("weights"); // zero outside completions
        int columns = weights.length / Twin.rows();
        float[] cells = new float[weights.length];
        for (int i = 0; i < cells.length; i++) {
            int row = i / columns;
            double advantage = twin.numbers("advantages")[row];
            double part = sign == 0 ? 1 : advantage * sign > 0 ? advantage : 0;
            double c = objective.tokenWeight(Twin.rows(), Twin.length(row));
            cells[i] = (float) (c * weights[i] * part);
        }
        return manager.create(cells, new Shape(Twin.rows(), columns));
    }
}
