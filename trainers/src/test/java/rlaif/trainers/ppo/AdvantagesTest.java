package rlaif.trainers.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import rlaif.trainers.Twin;

class AdvantagesTest {
    private final Twin twin = Twin.of("advantages");

    @Test
    void k1AndRewardsEqualTheTwins() {
        for (int row = 0; row < Twin.rows(); row++) {
            double[] k1 = k1(row);
            Twin.assertClose(k1, twin.completion("k1", row));
            Twin.assertClose(rewards(row), twin.completion("rewards", row));
        }
    }

    @Test
    void advantagesAndReturnsEqualTheTwins() {
        for (int row = 0; row < Twin.rows(); row++) {
            Advantages estimates = estimates(row);
            Twin.assertClose(estimates.advantages(), twin.completion("advantages", row));
            Twin.assertClose(estimates.returns(), twin.completion("returns", row));
        }
    }

    @Test
    void whitenedAdvantagesEqualTheTwins() {
        List<double[]> rows = new ArrayList<>();
        for (int row = 0; row < Twin.rows(); row++) {
            rows.add(estimates(row).advantages());
        }
        List<double[]> whitened = Whitening.of(rows);
        for (int row = 0; row < Twin.rows(); row++) {
            Twin.assertClose(whitened.get(row), twin.completion("whitened", row));
        }
    }

    @Test
    void whiteningAgainChangesNothing() {
        List<double[]> once = Whitening.of(List.of(new double[] {1, 5, -3}, new double[] {2}));
        List<double[]> twice = Whitening.of(once);
        assertThat(twice.getFirst()).containsExactly(once.getFirst(), Offset.offset(1e-6));
        assertThat(Arrays.stream(once.getFirst()).sum() + once.getLast()[0])
                .isCloseTo(0, Offset.offset(1e-9));
    }

    @Test
    void lambdaOneSumsWhatIsLeftOfTheRewards() {
        double[] rewards = {1, 2, 3};
        Advantages estimates = Advantages.of(rewards, new float[] {9, -4, 7}, 1, 1);
        assertThat(estimates.returns())
                .containsExactly(new double[] {6, 5, 3}, Offset.offset(1e-9));
    }

    @Test
    void scoreStandsAtTheLastTokenOnly() {
        assertThat(KlPenalty.rewards(new double[] {1, -2, 4}, 0.5, 10)).containsExactly(-0.5, 1, 8);
    }

    private double[] k1(int row) {
        return KlEstimator.K1.perToken(
                twin.completionFloats("behaviour", row), twin.completionFloats("reference", row));
    }

    private double[] rewards(int row) {
        return KlPenalty.rewards(k1(row), twin.number("beta"), twin.numbers("scores")[row]);
    }

    private Advantages estimates(int row) {
        return Advantages.of(
                rewards(row),
                twin.completionFloats("values", row),
                twin.number("gamma"),
                twin.number("lambda"));
    }
}
