package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The arithmetic against a PyTorch twin in float64 (`src/test/python/golden.py`), relative error
/// at most 1e-5.
class GoldenNumbersTest {

    private static final double TOLERANCE = 1e-5;

    @BeforeEach
    void prepare() {
        TensorThread.prepare(1);
    }

    @Test
    void logitsAreTheTwins() {
        try (Transformer model = Transformer.load(Golden.languageModel());
                Safetensors golden = Golden.tensors("language-model-forward");
                NDManager step = model.manager().newSubManager()) {
            NDArray logits = model.logits(step, Golden.batch().tokens(step));
            assertThat(logits.getShape()).isEqualTo(new Shape(golden.shape("logits")));
            assertClose(logits, golden.floats("logits"));
        }
    }

    @Test
    void logprobsAndEntropiesAtATemperatureAreTheTwins() {
        try (Transformer model = Transformer.load(Golden.languageModel());
                Safetensors golden = Golden.tensors("language-model-forward");
                NDManager step = model.manager().newSubManager()) {
            NDArray tokens = Golden.batch().tokens(step);
            NDArray logits = model.logits(step, tokens);
            assertClose(
                    Logprobs.ofNextTokens(step, logits, tokens, Golden.temperature()),
                    golden.floats("logprobs"));
            assertClose(
                    Logprobs.entropy(step, logits, Golden.temperature()), golden.floats("entropy"));
        }
    }

    @Test
    void lossAndGradientOfTheLanguageModelAreTheTwins() {
        try (Transformer model = Transformer.load(Golden.languageModel())) {
            assertGradient(
                    model,
                    step ->
                            Golden.languageModelLoss(
                                    model, step, Golden.batch(), Golden.temperature()),
                    "languageModelLoss",
                    "language-model-gradient");
        }
    }

    @Test
    void lossAndGradientWithoutPaddingAreTheTwins() {
        try (Transformer model = Transformer.load(Golden.languageModel())) {
            assertGradient(
                    model,
                    step ->
                            Golden.packedLanguageModelLoss(
                                    model, step, Golden.batch(), Golden.temperature()),
                    "languageModelLoss",
                    "language-model-gradient");
        }
    }

    @Test
    void scalarsAreTheTwins() {
        try (Transformer model = Transformer.load(Golden.scalarModel());
                Safetensors golden = Golden.tensors("scalar-model-forward");
                NDManager step = model.manager().newSubManager()) {
            assertClose(model.scalars(step, Golden.batch().tokens(step)), golden.floats("scalars"));
        }
    }

    @Test
    void lossAndGradientOfTheScalarModelAreTheTwins() {
        try (Transformer model = Transformer.load(Golden.scalarModel())) {
            assertGradient(
                    model,
                    step -> {
                        NDArray last = Golden.batch().lastTokenMask(step);
                        NDArray scalars = model.scalars(step, Golden.batch().tokens(step));
                        return scalars.mul(last).sum(new int[] {1}).square().sum();
                    },
                    "scalarModelLoss",
                    "scalar-model-gradient");
        }
    }

    @Test
    void lossAndGradientOfTheScalarModelWithoutPaddingAreTheTwins() {
        try (Transformer model = Transformer.load(Golden.scalarModel())) {
            assertGradient(
                    model,
                    step -> {
                        NDArray last = Golden.batch().lastTokenMask(step);
                        NDArray scalars = model.scalars(step, Golden.batch());
                        return scalars.mul(last).sum(new int[] {1}).square().sum();
                    },
                    "scalarModelLoss",
                    "scalar-model-gradient");
        }
    }

    @Test
    void adamWWithClippingMakesTheTwinsUpdates() {
        JsonNode wanted = Golden.numbers().get("adamW");
        AdamW.Settings settings =
                new AdamW.Settings(
                        wanted.get("beta1").asDouble(),
                        wanted.get("beta2").asDouble(),
                        wanted.get("epsilon").asDouble(),
                        wanted.get("weightDecay").asDouble(),
                        wanted.get("maxGradientNorm").asDouble());
        try (Transformer model = Transformer.load(Golden.languageModel());
                AdamW optimizer = new AdamW(model, settings);
                Safetensors after = Golden.tensors("language-model-after-adamw")) {
            for (int update = 0; update < wanted.get("losses").size(); update++) {
                AdamW.StepResult result =
                        optimizer.step(
                                wanted.get("learningRate").asDouble(),
                                step ->
                                        Golden.languageModelLoss(
                                                model, step, Golden.batch(), Golden.temperature()));
                assertRelative(result.loss(), wanted.get("losses").get(update).asDouble());
                assertRelative(
                        result.gradientNorm(), wanted.get("gradientNorms").get(update).asDouble());
            }
            assertTensors(model, model.parameters().toFloatArray(), after);
        }
    }

    private static void assertGradient(
            Transformer model,
            Function<NDManager, NDArray> loss,
            String lossName,
            String gradientName) {
        model.parameters().setRequiresGradient(true);
        try (NDManager step = model.manager().newSubManager();
                GradientMode _ = GradientMode.on();
                Safetensors golden = Golden.tensors(gradientName)) {
            NDArray value = loss.apply(step);
            JniUtils.backward(
                    (PtNDArray) value, (PtNDArray) step.ones(value.getShape()), false, false);
            assertRelative(value.getFloat(), Golden.numbers().get(lossName).asDouble());
            NDArray gradient = model.parameters().getGradient();
            gradient.attach(step);
            assertTensors(model, gradient.toFloatArray(), golden);
        }
    }

    private static void assertTensors(Transformer model, float[] flat, Safetensors golden) {
        Map<String, float[]> tensors = Golden.tensors(model, flat);
        assertThat(tensors.keySet()).isEqualTo(golden.names());
        tensors.forEach((name, values) ->
                assertThat(Golden.relativeError(values, golden.floats(name)))
                        .as(name)
                        .isLessThanOrEqualTo(TOLERANCE));
    }

    private static void assertClose(NDArray found, float[] wanted) {
        assertThat(Golden.relativeError(found.toFloatArray(), wanted))
                .isLessThanOrEqualTo(TOLERANCE);
    }

    private static void assertRelative(double found, double wanted) {
        assertThat(found).isCloseTo(wanted, within(TOLERANCE * Math.abs(wanted)));
    }
}
