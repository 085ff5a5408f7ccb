package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Adapters against the PyTorch twin (`src/test/python/lora.py`), which adds `alpha / r B A` to
/// each matrix in float64.
class AdapterNumbersTest {

    private static final float OUTPUTS = 1e-4f;
    private static final double GRADIENTS = 1e-5;

    /// An adapter of the resources and the layout it belongs to.
    enum GoldenAdapter {
        ALL_MATRICES_OF_A_BIASED_LLAMA("llama-linear-biased-all", "llama-linear-biased"),
        QUERY_AND_VALUE_OF_A_SHARDED_QWEN2("qwen2-query-value", "qwen2"),
        SCALAR_HEAD_ON_AN_UNTIED_QWEN3("qwen3-untied-scalar", "qwen3-untied"),
        SCALAR_HEAD_ON_A_TIED_LLAMA("smollm2-scalar", "smollm2");

        private final String folderName;
        private final String layoutName;

        GoldenAdapter(String folderName, String layoutName) {
            this.folderName = folderName;
            this.layoutName = layoutName;
        }

        Path folder() {
            try {
                return Path.of(
                        Objects.requireNonNull(
                                        GoldenAdapter.class.getResource("/adapters/" + folderName),
                                        folderName)
                                .toURI());
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }

        ModelLayout layout() {
            return ModelLayout.of(layoutName);
        }

        Safetensors tensors(String file) {
            return Safetensors.open(folder().resolve(file + ".safetensors"));
        }

        double loss() {
            JsonNode json = JsonFile.read(folder().resolve("loss.json"), 1_000);
            return json.get("loss").asDouble();
        }
    }

    @BeforeEach
    void prepare() {
        TensorThread.prepare(1);
    }

    @ParameterizedTest
    @EnumSource
    void outputsAreTheTwins(GoldenAdapter golden) {
        try (Transformer base = Transformer.load(golden.layout().folder());
                Transformer adapted = base.adapted(golden.folder())) {
            assertOutputs(adapted, golden);
        }
    }

    @ParameterizedTest
    @EnumSource
    void mergedWeightsGiveTheSameOutputs(GoldenAdapter golden) {
        try (Transformer base = Transformer.load(golden.layout().folder());
                Transformer adapted = base.adapted(golden.folder());
                Transformer merged = adapted.copy()) {
            assertThat(merged.lora()).isEmpty();
            assertOutputs(merged, golden);
        }
    }

    @ParameterizedTest
    @EnumSource
    void lossAndGradientOfEveryTrainedTensorAreTheTwins(GoldenAdapter golden) {
        try (Transformer base = Transformer.load(golden.layout().folder());
                Transformer adapted = base.adapted(golden.folder());
                Safetensors expected = golden.tensors("gradient");
                NDManager step = adapted.manager().newSubManager();
                GradientMode _ = GradientMode.on()) {
            adapted.trained().setRequiresGradient(true);
            NDArray loss = loss(adapted, step, golden);
            JniUtils.backward(
                    (PtNDArray) loss, (PtNDArray) step.ones(loss.getShape()), false, false);
            assertThat((double) loss.getFloat()).isCloseTo(golden.loss(), within(1e-5));
            NDArray gradient = adapted.trained().getGradient();
            gradient.attach(step);
            float[] found = gradient.toFloatArray();
            AdapterLayout layout =
                    new AdapterLayout(adapted.layout(), adapted.lora().orElseThrow());
            assertThat(layout.named().stream().map(ParameterLayout.Named::name))
                    .containsExactlyInAnyOrderElementsOf(expected.names());
            for (ParameterLayout.Named tensor : layout.named()) {
                int end = tensor.offset() + tensor.size();
                assertThat(
                                Golden.relativeError(
                                        Arrays.copyOfRange(found, tensor.offset(), end),
                                        expected.floats(tensor.name())))
                        .as(tensor.name())
                        .isLessThanOrEqualTo(GRADIENTS);
            }
            assertThat(base.parameters().hasGradient()).isFalse();
        }
    }

    private static NDArray loss(Transformer model, NDManager step, GoldenAdapter golden) {
        NDArray tokens = step.create(golden.layout().tokens());
        return switch (model.head()) {
            case LANGUAGE_MODEL ->
                    Logprobs.ofNextTokens(step, model.logits(step, tokens), tokens, 1).mean().neg();
            case SCALAR -> model.scalars(step, tokens).square().mean();
        };
    }

    private static void assertOutputs(Transformer model, GoldenAdapter golden) {
        try (Safetensors expected = golden.tensors("forward");
                NDManager step = model.manager().newSubManager()) {
            NDArray tokens = step.create(golden.layout().tokens());
            NDArray outputs =
                    switch (model.head()) {
                        case LANGUAGE_MODEL -> model.logits(step, tokens);
                        case SCALAR -> model.scalars(step, tokens);
                    };
            String name = List.copyOf(expected.names()).getFirst();
            assertThat(outputs.toFloatArray())
                    .containsExactly(expected.floats(name), within(OUTPUTS));
        }
    }
}
