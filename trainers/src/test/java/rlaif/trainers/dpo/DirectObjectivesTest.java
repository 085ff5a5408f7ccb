package rlaif.trainers.dpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import rlaif.trainers.Twin;

class DirectObjectivesTest {
    @Test
    void lossOfDpoAndItsGradientEqualTheTwins() {
        Twin twin = Twin.of("dpo");
        requireLoss(new Dpo(twin.number("beta")), twin);
    }

    @Test
    void lossOfIpoAndItsGradientEqualTheTwins() {
        Twin twin = Twin.of("ipo");
        requireLoss(new Ipo(twin.number("beta")), twin);
    }

    @Test
    void swappingAPairAndItsLabelChangesNothing() {
        Random random = new Random(3);
        try (NDManager manager = NDManager.newBaseManager()) {
            for (DirectObjective objective : new DirectObjective[] {new Dpo(0.3), new Ipo(0.3)}) {
                for (int trial = 0; trial < 50; trial++) {
                    float m = 4 * random.nextFloat() - 2;
                    float p = random.nextFloat();
                    assertThat(loss(manager, objective, m, p))
                            .isCloseTo(loss(manager, objective, -m, 1 - p), Offset.offset(1e-5f));
                }
            }
        }
    }

    @Test
    void ipoWantsAFiniteDistanceAndDpoNone() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Ipo ipo = new Ipo(0.1); // the minimum for a certain label lies at 1 / (2 tau) = 5
            assertThat(loss(manager, ipo, 5, 1)).isZero();
            assertThat(loss(manager, ipo, 50, 1)).isPositive();
            Dpo dpo = new Dpo(0.1);
            assertThat(loss(manager, dpo, 50, 1)).isLessThan(loss(manager, dpo, 5, 1));
        }
    }

    @Test
    void strengthThatTiesNothingIsRefused() {
        assertThatThrownBy(() -> new Dpo(0)).hasMessageContaining("dpo.beta must be above 0");
        assertThatThrownBy(() -> new Ipo(Double.NaN)).hasMessageContaining("NaN");
    }

    private static void requireLoss(DirectObjective objective, Twin twin) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray logRatios = manager.create(twin.floats("logRatios"));
            NDArray labels = manager.create(twin.floats("labels"));
            twin.assertLoss(
                    () -> objective.loss(manager, logRatios, labels), logRatios, "gradient");
        }
    }

    private static float loss(NDManager manager, DirectObjective objective, float m, float p) {
        return objective
                .loss(manager, manager.create(new float[] {m}), manager.create(new float[] {p}))
                .getFloat();
    }
}
