package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdamWTest {

    private static final AdamW.Settings SETTINGS = new AdamW.Settings(0.9, 0.999, 1e-5, 0.01, 1);
    private static final double LEARNING_RATE = 1e-2;

    @TempDir Path folder;

    @BeforeEach
    void prepare() {
        TensorThread.prepare(1);
    }

    @Test
    void learnsWhatItIsShown() {
        try (Transformer model = Transformer.load(Golden.languageModel());
                AdamW optimizer = new AdamW(model, SETTINGS)) {
            List<Double> losses = train(model, optimizer, 60);
            assertThat(losses.getLast()).isLessThan(losses.getFirst() / 10);
        }
    }

    @Test
    void twoRunsAreBitIdentical() {
        assertThat(weightsAfter(30)).isEqualTo(weightsAfter(30));
    }

    @Test
    void piecesOfALargeModelAreUpdatedAsTheWholeWouldBe() {
        ModelShape shape = new ModelShape(3_000, 64, 1, 2, 1, 32, 64, 16, 10_000, 1e-5, 1, 0);
        try (Transformer model = Transformer.random(shape, Head.LANGUAGE_MODEL, 3);
                AdamW optimizer = new AdamW(model, SETTINGS)) {
            float[] before = model.parameters().toFloatArray();
            optimizer.step(
                    LEARNING_RATE,
                    manager -> {
                        NDArray tokens = manager.create(new long[][] {{5, 2_999, 7, 1_500}});
                        return Logprobs.ofNextTokens(
                                        manager, model.logits(manager, tokens), tokens, 1)
                                .sum()
                                .neg();
                    });
            float[] after = model.parameters().toFloatArray();
            // Adam's first update moves a weight by the learning rate, whatever its gradient.
            int moved = 0;
            for (int i = 0; i < before.length; i++) {
                double decayed = before[i] * (1 - LEARNING_RATE * SETTINGS.weightDecay());
                double distance = Math.abs(after[i] - decayed);
                assertThat(distance).isLessThanOrEqualTo(LEARNING_RATE * 1.001);
                moved += distance > LEARNING_RATE / 2 ? 1 : 0;
            }
            assertThat(before.length).isGreaterThan(1 << 17);
            assertThat(moved).isGreaterThan(before.length / 100);
            assertThat(after[before.length - 1]).isNotEqualTo(before[before.length - 1]);
        }
    }

    @Test
    void keepsNoArraysOfAStep() {
        try (Transformer model = Transformer.load(Golden.languageModel());
                AdamW optimizer = new AdamW(model, SETTINGS)) {
            train(model, optimizer, 2);
            int before = model.manager().getManagedArrays().size();
            train(model, optimizer, 50);
            assertThat(model.manager().getManagedArrays()).hasSize(before);
        }
    }

    @Test
    void gradientsOfSeveralLossesAddUp() {
        try (Transformer model = Transformer.load(Golden.languageModel());
                AdamW optimizer = new AdamW(model, SETTINGS);
                Transformer divided = model.copy();
                AdamW dividedOptimizer = new AdamW(divided, SETTINGS)) {
            for (int update = 0; update < 3; update++) {
                AdamW.StepResult whole =
                        optimizer.step(
                                LEARNING_RATE,
                                step -> Golden.languageModelLoss(model, step, Golden.batch(), 1));
                AdamW.StepResult parts =
                        dividedOptimizer.step(
                                LEARNING_RATE,
                                List.of(
                                        step -> share(divided, step, 0.25f),
                                        step -> share(divided, step, 0.75f)));
                assertThat(parts.loss()).isCloseTo(whole.loss(), within(1e-6));
                assertThat(parts.gradientNorm()).isCloseTo(whole.gradientNorm(), within(1e-5));
            }
            assertThat(
                            Golden.relativeError(
                                    divided.parameters().toFloatArray(),
                                    model.parameters().toFloatArray()))
                    .isLessThan(1e-5);
        }
    }

    @Test
    void lossThatFailsHalfWayLeavesNoGradientBehind() {
        try (Transformer model = Transformer.load(Golden.languageModel());
                AdamW optimizer = new AdamW(model, SETTINGS);
                Transformer undisturbed = model.copy();
                AdamW undisturbedOptimizer = new AdamW(undisturbed, SETTINGS)) {
            assertThatThrownBy(() ->
                            optimizer.step(
                                    LEARNING_RATE,
                                    List.of(
                                            step -> share(model, step, 1),
                                            _ -> {
                                                throw new IllegalStateException("no memory");
                                            })))
                    .hasMessage("no memory");
            train(model, optimizer, 2);
            train(undisturbed, undisturbedOptimizer, 2);
            assertThat(model.parameters().toFloatArray())
                    .isEqualTo(undisturbed.parameters().toFloatArray());
        }
    }

    private static NDArray share(Transformer model, NDManager step, float share) {
        return Golden.languageModelLoss(model, step, Golden.batch(), 1)
                .mul(step.full(new Shape(1), share));
    }

    @Test
    void goesOnFromASavedStateAsIfItHadNotStopped() {
        Path file = folder.resolve("optimizer.safetensors");
        try (Transformer model = Transformer.load(Golden.languageModel());
                AdamW optimizer = new AdamW(model, SETTINGS)) {
            train(model, optimizer, 7);
            optimizer.save(file);
            try (Transformer resumedModel = model.copy();
                    AdamW resumed = new AdamW(resumedModel, SETTINGS)) {
                resumed.load(file);
                assertThat(resumed.updates()).isEqualTo(7);
                train(resumedModel, resumed, 5);
                train(model, optimizer, 5);
                assertThat(resumedModel.parameters().toFloatArray())
                        .isEqualTo(model.parameters().toFloatArray());
            }
        }
    }

    @Test
    void stateOfAnotherModelIsRefused() {
        Path file = folder.resolve("optimizer.safetensors");
        try (Transformer model = Transformer.load(Golden.languageModel());
                AdamW optimizer = new AdamW(model, SETTINGS);
                Transformer other = Transformer.load(Golden.scalarModel());
                AdamW otherOptimizer = new AdamW(other, SETTINGS)) {
            optimizer.save(file);
            assertThatThrownBy(() -> otherOptimizer.load(file))
                    .isInstanceOf(ModelFolderException.class)
                    .hasMessageContaining("first_moment");
        }
    }

    @Test
    void truncatedStateIsRefused() throws IOException {
        Path file = folder.resolve("optimizer.safetensors");
        try (Transformer model = Transformer.load(Golden.languageModel());
                AdamW optimizer = new AdamW(model, SETTINGS)) {
            optimizer.save(file);
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(bytes, bytes.length - 4));
            assertThatThrownBy(() -> optimizer.load(file))
                    .isInstanceOf(ModelFolderException.class)
                    .hasMessageContaining("truncated");
        }
    }

    @Test
    void lossThatIsNotFiniteChangesNothing() {
        try (Transformer model = Transformer.load(Golden.languageModel());
                AdamW optimizer = new AdamW(model, SETTINGS)) {
            float[] before = model.parameters().toFloatArray();
            assertThatThrownBy(() ->
                            optimizer.step(
                                    LEARNING_RATE,
                                    step ->
                                            Golden.languageModelLoss(model, step, Golden.batch(), 1)
                                                    .mul(step.full(new Shape(1), Float.NaN))))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageContaining("update 1");
            assertThat(model.parameters().toFloatArray()).isEqualTo(before);
            assertThat(optimizer.updates()).isZero();
            train(model, optimizer, 1);
            assertThat(model.parameters().toFloatArray())
                    .isNotEqualTo(before)
                    .doesNotContain(Float.NaN);
        }
    }

    @Test
    void settingsOutOfRangeAreRefusedWithTheValue() {
        assertThatThrownBy(() -> new AdamW.Settings(1, 0.9, 1e-8, 0, 1))
                .hasMessageContaining("beta1 is 1.0");
        assertThatThrownBy(() -> new AdamW.Settings(0.9, 0.9, 1e-8, 0, 0))
                .hasMessageContaining("maxGradientNorm is 0.0");
    }

    private static float[] weightsAfter(int updates) {
        try (Transformer model = Transformer.load(Golden.languageModel());
                AdamW optimizer = new AdamW(model, SETTINGS)) {
            train(model, optimizer, updates);
            return model.parameters().toFloatArray();
        }
    }

    private static List<Double> train(Transformer model, AdamW optimizer, int updates) {
        List<Double> losses = new ArrayList<>();
        for (int update = 0; update < updates; update++) {
            losses.add(
                    optimizer
                            .step(
                                    LEARNING_RATE,
                                    step ->
                                            Golden.languageModelLoss(
                                                    model, step, Golden.batch(), 1))
                            .loss());
        }
        return losses;
    }
}
