package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TorchFormulaTest {

    @BeforeEach
    void prepare() {
        TensorThread.prepare(1);
    }

    @Test
    void givesItsValueAndTheGradientOfEveryOperand() {
        TorchFormula formula =
                TorchFormula.of(
                        "x: Tensor, y: Tensor",
                        """
                        square = torch.mul(x, x)
                        return torch.mul(square, y)
                        """);
        try (NDManager step = TensorThread.newManager();
                GradientMode _ = GradientMode.on()) {
            NDArray x = step.create(new float[] {2, 3}).duplicate();
            NDArray y = step.create(new float[] {5, 7}).duplicate();
            x.setRequiresGradient(true);
            y.setRequiresGradient(true);
            NDArray value = formula.of(x, y);
            assertThat(value.toFloatArray()).containsExactly(20, 63);
            assertThat(value.getManager()).isSameAs(step);
            JniUtils.backward(
                    (PtNDArray) value, (PtNDArray) step.ones(value.getShape()), false, false);
            assertThat(x.getGradient().toFloatArray()).containsExactly(20, 42); // 2 x y
            assertThat(y.getGradient().toFloatArray()).containsExactly(4, 9); // x^2
        }
    }

    @Test
    void changesWhatItIsGivenWithoutRecordingIt() {
        TorchFormula formula =
                TorchFormula.of(
                        "x: Tensor, factor: float",
                        """
                        return torch.mul_(x, factor)
                        """);
        try (NDManager step = TensorThread.newManager();
                GradientMode _ = GradientMode.on()) {
            NDArray x = step.create(new float[] {2, 3}).duplicate();
            x.setRequiresGradient(true);
            formula.run(IValue.from((PtNDArray) x), IValue.from(0.5));
            assertThat(x.toFloatArray()).containsExactly(1, 1.5f);
        }
    }

    @Test
    void sourceThatIsNoTorchScriptIsRefused() {
        assertThatThrownBy(() -> TorchFormula.of("x: Tensor", "return torch.no_such(x)"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("no_such");
    }
}
