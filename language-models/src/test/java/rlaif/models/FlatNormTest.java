package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlatNormTest {
    private static float[] drawn(int size) {
        SplittableRandom random = new SplittableRandom(size);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (random.nextDouble(-1, 1) * 1e-3);
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4095, 4096, 4097, 340_896, 3_400_000})
    void isThatOfFloat64WhateverTheLength(int size) {
        float[] values = drawn(size);
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        try (NDManager step = TensorThread.newManager()) {
            assertThat(FlatNorm.of(step, step.create(values)) / Math.sqrt(squares))
                    .isEqualTo(1, within(5e-7));
        }
    }

    @Test
    void oneValueThatIsNotFiniteMakesItSo() {
        float[] values = drawn(10_000);
        values[9_999] = Float.NaN;
        try (NDManager step = TensorThread.newManager()) {
            assertThat(FlatNorm.of(step, step.create(values))).isNaN();
        }
        values[9_999] = Float.NEGATIVE_INFINITY;
        try (NDManager step = TensorThread.newManager()) {
            assertThat(FlatNorm.of(step, step.create(values))).isInfinite();
        }
    }
}
