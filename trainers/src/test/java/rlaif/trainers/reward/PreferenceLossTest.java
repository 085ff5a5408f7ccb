package rlaif.trainers.reward;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Random;
import org.junit.jupiter.api.Test;
import rlaif.trainers.Twin;

class PreferenceLossTest {
    private final Twin twin = Twin.of("preference");

    @Test
    void lossAndGradientInTheFirstScoresEqualTheTwins() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray first = manager.create(twin.floats("first"));
            NDArray second = manager.create(twin.floats("second"));
            NDArray labels = manager.create(twin.floats("labels"));
            twin.assertLoss(() -> PreferenceLoss.of(first, second, labels), first, "firstGradient");
        }
    }

    @Test
    void lossAndGradientInTheSecondScoresEqualTheTwins() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray first = manager.create(twin.floats("first"));
            NDArray second = manager.create(twin.floats("second"));
            NDArray labels = manager.create(twin.floats("labels"));
            twin.assertLoss(
                    () -> PreferenceLoss.of(first, second, labels), second, "secondGradient");
        }
    }

    @Test
    void swappingPairsAndLabelsChangesNothing() {
        Random random = new Random(3);
        try (NDManager manager = NDManager.newBaseManager()) {
            for (int trial = 0; trial < 50; trial++) {
                float[] first = {random.nextFloat() * 6 - 3, random.nextFloat() * 6 - 3};
                float[] second = {random.nextFloat() * 6 - 3, random.nextFloat() * 6 - 3};
                float[] p = {random.nextFloat(), random.nextFloat()};
                float[] swappedP = {1 - p[0], 1 - p[1]};
                float one = loss(manager, first, second, p);
                float other = loss(manager, second, first, swappedP);
                assertThat(one).isCloseTo(other, org.assertj.core.data.Offset.offset(1e-6f));
            }
        }
    }

    @Test
    void farApartScoresDoNotOverflow() {
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] far = {500f};
            float[] near = {-500f};
            assertThat(loss(manager, far, near, new float[] {0})).isEqualTo(1000f);
            assertThat(loss(manager, far, near, new float[] {1})).isZero();
        }
    }

    private static float loss(NDManager manager, float[] first, float[] second, float[] labels) {
        return PreferenceLoss.of(
                        manager.create(first), manager.create(second), manager.create(labels))
                .getFloat();
    }
}
