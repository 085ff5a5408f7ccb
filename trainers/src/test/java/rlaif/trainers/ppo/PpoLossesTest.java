package rlaif.trainers.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import rlaif.trainers.Twin;

class PpoLossesTest {
    private final Twin advantages = Twin.of("advantages");
    private final Twin policy = Twin.of("policy");

    @Test
    void trustRegionEqualsTheTwins() {
        for (int row = 0; row < Twin.rows(); row++) {
            TrustRegion region =
                    TrustRegion.of(
                            policy.completionFloats("proximal", row),
                            advantages.completionFloats("behaviour", row),
                            PpoSettings.defaults());
            Twin.assertClose(region.weights(), policy.completion("weights", row));
            Twin.assertClose(region.lower(), policy.completion("lower", row));
            Twin.assertClose(region.upper(), policy.completion("upper", row));
        }
    }

    @Test
    void policyLossAndGradientEqualTheTwins() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray current = policy.grid(manager, "current");
            policy.assertLoss(() -> policyLoss(manager, current), current, "gradient");
        }
    }

    private NDArray policyLoss(NDManager manager, NDArray current) {
        NDArray mask = Twin.mask(manager);
        NDArray ratios = PolicyLoss.ratios(current, policy.grid(manager, "proximal"), mask);
        return PolicyLoss.of(
                ratios,
                weighted(manager, Math::max),
                weighted(manager, Math::min),
                policy.grid(manager, "lower"),
                policy.grid(manager, "upper"),
                mask);
    }

    /// The twin's weights times the part of its whitened advantages that `extreme(a, 0)` leaves.
    private NDArray weighted(NDManager manager, DoubleBinaryOperator extreme) {
        double[] weights = policy.numbers("weights");
        double[] whitened = advantages.numbers("whitened");
        float[] cells = new float[weights.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (float) (weights[i] * extreme.applyAsDouble(whitened[i], 0));
        }
        return manager.create(cells, new Shape(Twin.rows(), cells.length / Twin.rows()));
    }

    @Test
    void valueLossAndGradientEqualTheTwins() {
        Twin value = Twin.of("value");
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray values = value.grid(manager, "values");
            value.assertLoss(
                    () ->
                            ValueLoss.of(
                                    values,
                                    advantages.grid(manager, "values"),
                                    advantages.grid(manager, "returns"),
                                    Twin.mask(manager),
                                    value.number("valueClipRange")),
                    values,
                    "gradient");
        }
    }

    @Test
    void freshTokensKeepPlainPposTrustRegion() {
        float[] logprobs = {-0.1f, -2f, -7f};
        TrustRegion region = TrustRegion.of(logprobs, logprobs, PpoSettings.defaults());
        assertThat(region.weights()).containsOnly(1.0);
        assertThat(region.lower()).containsOnly(0.8);
        assertThat(region.upper()).containsOnly(1.2);
    }

    @Test
    void policyFarFromItsSamplerMayOnlyComeBack() {
        double bound = PpoSettings.defaults().behaviourRatioBound();
        ToDoubleFunction<Double> upper = gap -> region(gap).upper()[0];
        ToDoubleFunction<Double> lower = gap -> region(gap).lower()[0];
        assertThat(upper.applyAsDouble(Math.log(2 * bound))).isLessThan(1);
        assertThat(lower.applyAsDouble(-Math.log(2 * bound))).isGreaterThan(1);
        assertThat(Arrays.stream(region(Math.log(2 * bound)).weights()).max().orElseThrow())
                .isEqualTo(PpoSettings.defaults().proximalWeightLimit());
    }

    private static TrustRegion region(double gap) {
        return TrustRegion.of(
                new float[] {(float) (gap - 5)}, new float[] {-5}, PpoSettings.defaults());
    }
}
