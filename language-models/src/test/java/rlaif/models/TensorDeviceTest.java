package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every check that needs a device runs on the processor too; on a CUDA device it is skipped where
/// there is none, with what is missing.
class TensorDeviceTest {

    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.999, 1e-5, 0.01, 1);

    @TempDir Path folder;

    @BeforeEach
    void prepare() {
        TensorThread.prepare(1);
    }

    @AfterEach
    void goBackToTheProcessor() {
        TensorThread.computeOn(TensorDevice.CPU);
    }

    @Test
    void isReadAsItIsWritten() {
        assertThat(TensorDevice.of("cpu")).isEqualTo(TensorDevice.CPU);
        assertThat(TensorDevice.of("gpu")).isEqualTo(new TensorDevice(0)).hasToString("gpu:0");
        assertThat(TensorDevice.of("gpu:3")).isEqualTo(new TensorDevice(3)).hasToString("gpu:3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cuda", "gpu:", "gpu:-1", "gpu:one", "cpu:0"})
    void otherTextIsRefusedWithWhatIsKnown(String text) {
        assertThatThrownBy(() -> TensorDevice.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is none of cpu, gpu and gpu:N");
    }

    @Test
    void processorLacksNothing() {
        assertThat(TensorDevice.CPU.missing()).isEmpty();
    }

    @Test
    void everythingThatIsMissingIsNamedWithTheWayRoundIt() {
        assertThat(new TensorDevice(0).missing(0, false, "/somewhere").orElseThrow())
                .startsWith("gpu:0 cannot be used.")
                .contains("nvidia-smi")
                .contains("libtorch in /somewhere computes on the processor only")
                .contains("PYTORCH_LIBRARY_PATH", "PYTORCH_VERSION=2.7.1", "PYTORCH_FLAVOR=cu128");
        assertThat(new TensorDevice(2).missing(2, true, "/somewhere").orElseThrow())
                .isEqualTo("gpu:2 cannot be used. There are 2 CUDA devices; the last is gpu:1.");
        assertThat(new TensorDevice(1).missing(2, true, "/somewhere")).isEmpty();
    }

    @Test
    void deviceThatIsNotThereIsRefusedAndTheProcessorStays() {
        TensorDevice absent = new TensorDevice(99);
        Optional<String> missing = absent.missing();
        assertThat(missing).isPresent();
        assertThatThrownBy(() -> TensorThread.computeOn(absent))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(missing.get());
        try (NDManager manager = TensorThread.newManager()) {
            assertThat(manager.getDevice().isGpu()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "gpu"})
    void logitsAreTheTwins(String device) {
        computeOn(device);
        for (ModelLayout layout : ModelLayout.all()) {
            try (Transformer model = Transformer.load(layout.folder());
                    Safetensors golden = layout.tensors("forward");
                    NDManager step = model.manager().newSubManager()) {
                assertThat(model.logits(step, step.create(layout.tokens())).toFloatArray())
                        .containsExactly(golden.floats("logits"), within(1e-4f));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "gpu"})
    void samplesAndScoresAsTheFullForwardPass(String device) {
        computeOn(device);
        int[] prompt = {2, 3, 4};
        try (Transformer model = Transformer.load(Golden.languageModel());
                Sampler sampler = new Sampler(model);
                NDManager step = model.manager().newSubManager()) {
            Sampler.Sample sample =
                    sampler.sample(
                                    List.of(new Sampler.Request(prompt, 3)),
                                    new SamplingSettings(1, 8))
                            .getFirst();
            SequenceBatch batch =
                    new SequenceBatch(
                            List.of(prompt), List.of(sample.tokens()), model.shape().padTokenId());
            float[] all =
                    Logprobs.ofNextTokens(step, model.logits(step, batch), batch.tokens(step), 1)
                            .toFloatArray();
            for (int i = 0; i < sample.tokens().length; i++) {
                assertThat(sample.logprobs()[i])
                        .isCloseTo(all[prompt.length - 1 + i], within(1e-4f));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "gpu"})
    void trainsSavesAndGoesOnAsTheProcessorDoes(String device) {
        List<Double> expected = losses(folder.resolve("processor"));
        computeOn(device);
        List<Double> found = losses(folder.resolve("device"));
        assertThat(found.getLast()).isLessThan(found.getFirst());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i)).isCloseTo(expected.get(i), within(1e-3));
        }
    }

    /// Of a model and of adapters beside it, with a save and a load in the middle.
    private static List<Double> losses(Path state) {
        LoraSettings lora = new LoraSettings(2, 4, EnumSet.allOf(LoraTarget.class));
        List<Double> losses = new ArrayList<>();
        try (Transformer model = Transformer.load(Golden.languageModel());
                AdamW optimizer = new AdamW(model, ADAM)) {
            train(model, optimizer, losses);
            optimizer.save(state);
            try (Transformer again = model.copy();
                    AdamW resumed = new AdamW(again, ADAM)) {
                resumed.load(state);
                train(again, resumed, losses);
            }
            try (Transformer base = model.copy();
                    Transformer adapted = base.adapted(lora, 5);
                    AdamW adapting = new AdamW(adapted, ADAM)) {
                train(adapted, adapting, losses);
            }
        }
        return losses;
    }

    private static void train(Transformer model, AdamW optimizer, List<Double> losses) {
        for (int update = 0; update < 4; update++) {
            losses.add(
                    optimizer
                            .step(
                                    1e-3,
                                    step ->
                                            Golden.packedLanguageModelLoss(
                                                    model, step, Golden.batch(), 1))
                            .loss());
        }
    }

    private static void computeOn(String text) {
        TensorDevice device = TensorDevice.of(text);
        Optional<String> missing = device.missing();
        Assumptions.assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        TensorThread.computeOn(device);
    }
}
