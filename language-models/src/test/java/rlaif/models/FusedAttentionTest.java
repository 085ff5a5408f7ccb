package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FusedAttentionTest {

    private static final int BATCH = 2;
    private static final int TIME = 37;

    /// Two query heads share each of two key heads.
    private static final ModelShape SHAPE =
            new ModelShape(40, 16, 1, 4, 2, 6, 16, 8192, 10_000, 1e-5, 1, 0);

    @BeforeEach
    void prepare() {
        TensorThread.prepare(1);
    }

    @SuppressWarnings("ArrayRecordComponent") // owned by the test, never compared
    private record Attended(float[] values, float[] gradient) {}

    @Test
    void givesTheValuesAndTheGradientOfTheWholeSquare() {
        try (NDManager manager = TensorThread.newManager();
                PositionTables tables = new PositionTables(SHAPE, manager)) {
            Rotary rotary = tables.rotary(manager, TIME);
            NDArray mask = tables.causal(manager, TIME);
            Attended whole =
                    attended(manager, new CausalAttention(SHAPE, BATCH, TIME, rotary, mask));
            Attended fused = attended(manager, new FusedAttention(SHAPE, BATCH, TIME, rotary));
            assertThat(fused.values()).containsExactly(whole.values(), within(1e-5f));
            assertThat(fused.gradient()).containsExactly(whole.gradient(), within(1e-4f));
            assertThat(fused.values()).isNotEqualTo(new float[fused.values().length]);
        }
    }

    /// Attention to random rows, and the gradient of a random weighting of what comes out.
    private static Attended attended(NDManager manager, Attention attention) {
        long columns = (SHAPE.heads() + 2L * SHAPE.keyValueHeads()) * SHAPE.headWidth();
        try (GradientMode _ = GradientMode.on()) {
            NDArray rows = random(manager, new Shape(BATCH * TIME, columns), 1);
            rows.setRequiresGradient(true);
            NDArray mixed = attention.attend(0, rows);
            JniUtils.backward(
                    (PtNDArray) mixed,
                    (PtNDArray) random(manager, mixed.getShape(), 2),
                    false,
                    false);
            return new Attended(mixed.toFloatArray(), rows.getGradient().toFloatArray());
        }
    }

    private static NDArray random(NDManager manager, Shape shape, long seed) {
        Random random = new Random(seed);
        float[] numbers = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return manager.create(numbers, shape).duplicate();
    }
}
