package rlaif.trainers.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rlaif.trainers.Twin;

class KlTest {
    private static final KlController ADAPTIVE = new KlController.Adaptive(0.2, 6, 10_000);

    @ParameterizedTest
    @EnumSource
    void estimatesEqualTheTwins(KlEstimator estimator) {
        Twin logprobs = Twin.of("advantages");
        Twin twin = Twin.of("estimators");
        for (int row = 0; row < Twin.rows(); row++) {
            Twin.assertClose(
                    estimator.perToken(
                            logprobs.completionFloats("behaviour", row),
                            logprobs.completionFloats("reference", row)),
                    twin.completion(estimator.name().toLowerCase(java.util.Locale.ROOT), row));
        }
    }

    @Test
    void k1AndK3HaveTheDivergenceAsTheirMean() {
        double[] sampler = {0.7, 0.2, 0.1};
        double[] reference = {0.5, 0.1, 0.4};
        double divergence = 0;
        for (int i = 0; i < sampler.length; i++) {
            divergence += sampler[i] * Math.log(sampler[i] / reference[i]);
        }
        Random random = new Random(1);
        double k1 = 0;
        double k3 = 0;
        int draws = 200_000;
        for (int n = 0; n < draws; n++) {
            double u = random.nextDouble();
            int i = u < 0.7 ? 0 : u < 0.9 ? 1 : 2;
            double d = Math.log(sampler[i] / reference[i]);
            k1 += KlEstimator.K1.of(d) / draws;
            k3 += KlEstimator.K3.of(d) / draws;
            assertThat(KlEstimator.K3.of(d)).isNotNegative();
        }
        assertThat(k1).isCloseTo(divergence, Offset.offset(0.01));
        assertThat(k3).isCloseTo(divergence, Offset.offset(0.01));
    }

    @Test
    void adaptiveCoefficientsEqualTheTwins() {
        Twin twin = Twin.of("controller");
        double[] kl = twin.numbers("kl");
        double[] betas = twin.numbers("beta");
        KlController controller =
                new KlController.Adaptive(betas[0], twin.number("target"), twin.number("horizon"));
        double[] ours = new double[betas.length];
        ours[0] = controller.beta();
        for (int step = 0; step < kl.length; step++) {
            controller = controller.after(kl[step], (int) twin.number("rollouts"));
            ours[step + 1] = controller.beta();
        }
        Twin.assertClose(ours, betas);
    }

    @Test
    void fixedCoefficientStays() {
        KlController fixed = new KlController.Fixed(0.05);
        assertThat(fixed.after(1000, 256).beta()).isEqualTo(0.05);
    }

    @Test
    void stepThatCouldNotBeMeasuredLeavesTheCoefficient() {
        assertThat(ADAPTIVE.after(Double.NaN, 256)).isEqualTo(ADAPTIVE);
    }

    @Test
    void savedCoefficientGoesOnWhereItStood() {
        KlController later = ADAPTIVE.after(30, 256).after(30, 256);
        assertThat(ADAPTIVE.at(later.beta())).isEqualTo(later);
    }

    @Test
    void coefficientOfNothingThatAFixedOneLeftIsNotTaken() {
        assertThat(ADAPTIVE.at(new KlController.Fixed(0).beta())).isEqualTo(ADAPTIVE);
    }

    @Test
    void coefficientThatCouldNeverRiseIsRefused() {
        assertThatThrownBy(() -> new KlController.Adaptive(0, 6, 10_000))
                .hasMessageContaining("beta must be above 0");
        assertThatThrownBy(() -> new KlController.Adaptive(0.1, 0, 10_000))
                .hasMessageContaining("target");
        assertThatThrownBy(() -> new KlController.Fixed(-1)).hasMessageContaining("-1");
    }
}
