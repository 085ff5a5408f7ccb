package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearTest {

    private static final int INPUTS = 48;
    private static final int OUTPUTS = 80;

    @BeforeEach
    void prepare() {
        TensorThread.prepare(1);
    }

    /// Few rows, many, and many that are no multiple of 32.
    @ParameterizedTest
    @ValueSource(ints = {7, 256, 1024, 1000})
    void multipliesAnyNumberOfRowsWithTheirGradients(int rows) {
        try (NDManager step = TensorThread.newManager();
                GradientMode _ = GradientMode.on()) {
            NDArray x = random(step, rows, INPUTS, 1);
            NDArray weight = random(step, OUTPUTS, INPUTS, 2);
            NDArray bias = random(step, 1, OUTPUTS, 3).reshape(new Shape(OUTPUTS)).duplicate();
            NDArray upstream = random(step, rows, OUTPUTS, 4);
            List<NDArray> operands = List.of(x, weight, bias);
            operands.forEach(operand -> operand.setRequiresGradient(true));

            NDArray y = new Linear(weight, bias, null).of(x);
            JniUtils.backward((PtNDArray) y, (PtNDArray) upstream, false, false);

            requireEqual(y, x.matMul(weight.transpose()).add(bias));
            requireEqual(x.getGradient(), upstream.matMul(weight));
            requireEqual(weight.getGradient(), upstream.transpose().matMul(x));
            requireEqual(bias.getGradient(), upstream.sum(new int[] {0}));
        }
    }

    @Test
    void fillsUpManyRowsOnly() {
        assertThat(Linear.filledUp(1)).isEqualTo(1);
        assertThat(Linear.filledUp(255)).isEqualTo(255);
        assertThat(Linear.filledUp(256)).isEqualTo(256);
        assertThat(Linear.filledUp(257)).isEqualTo(288);
    }

    private static NDArray random(NDManager step, int rows, int columns, long seed) {
        Random random = new Random(seed);
        float[] numbers = new float[rows * columns];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return step.create(numbers, new Shape(rows, columns)).duplicate();
    }

    private static void requireEqual(NDArray found, NDArray expected) {
        assertThat(found.getShape()).isEqualTo(expected.getShape());
        assertThat(Golden.relativeError(found.toFloatArray(), expected.toFloatArray()))
                .isLessThan(1e-5);
    }
}
