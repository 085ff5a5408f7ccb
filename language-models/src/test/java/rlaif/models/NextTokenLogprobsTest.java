package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NextTokenLogprobsTest {

    private static final ModelShape SHAPE =
            new ModelShape(301, 32, 2, 4, 2, 8, 48, 64, 10_000, 1e-5, 1, 0);

    @BeforeEach
    void prepare() {
        TensorThread.prepare(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1", "6, 9, 1", "13, 20, 1", "13, 20, 0.7", "5, 0, 0.7", "31, 20, 1"})
    void areThoseOfTheLogitsAtCompletionsWithTheirGradient(
            int sequences, int spread, float temperature) {
        SequenceBatch batch = batch(sequences, spread);
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3)) {
            List<float[]> ofLogits =
                    lossAndGradient(
                            model,
                            batch,
                            step ->
                                    Logprobs.ofNextTokens(
                                            step,
                                            model.logits(step, batch),
                                            batch.tokens(step),
                                            temperature));
            List<float[]> direct =
                    lossAndGradient(
                            model,
                            batch,
                            step -> Logprobs.ofNextTokens(step, model, batch, temperature));
            requireClose(direct.get(0), ofLogits.get(0));
            requireClose(direct.get(1), ofLogits.get(1));
        }
    }

    @Test
    void entropiesAreThoseOfTheLogitsAtCompletions() {
        SequenceBatch batch = batch(9, 20);
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3);
                NDManager step = model.manager().newSubManager()) {
            NDArray mask = batch.completionMask(step);
            Logprobs.NextTokens next = Logprobs.nextTokens(step, model, batch, 0.8f);
            NDArray logits = model.logits(step, batch);
            requireClose(
                    next.entropies().mul(mask).toFloatArray(),
                    Logprobs.entropy(step, logits, 0.8f).mul(mask).toFloatArray());
            requireClose(
                    next.logprobs().mul(mask).toFloatArray(),
                    Logprobs.ofNextTokens(step, logits, batch.tokens(step), 0.8f)
                            .mul(mask)
                            .toFloatArray());
        }
    }

    /// Fewer rows are multiplied at once, so that sums may be made in another order.
    private static void requireClose(float[] found, float[] expected) {
        float largest = 0;
        for (float number : expected) {
            largest = Math.max(largest, Math.abs(number));
        }
        assertThat(largest).isPositive();
        assertThat(found).containsExactly(expected, within(1e-5f * largest));
    }

    /// The logprobs of completion tokens, and the gradient of their mean.
    private static List<float[]> lossAndGradient(
            Transformer model, SequenceBatch batch, Function<NDManager, NDArray> logprobs) {
        model.parameters().setRequiresGradient(true);
        try (NDManager step = model.manager().newSubManager();
                GradientMode _ = GradientMode.on()) {
            NDArray mask = batch.completionMask(step);
            NDArray masked = logprobs.apply(step).mul(mask);
            NDArray loss = masked.sum().neg().div(mask.sum());
            JniUtils.backward(
                    (PtNDArray) loss, (PtNDArray) step.ones(loss.getShape()), false, false);
            NDArray gradient = model.parameters().getGradient();
            gradient.attach(step);
            List<float[]> found = List.of(masked.toFloatArray(), gradient.toFloatArray());
            JniUtils.zeroGrad((PtNDArray) model.parameters());
            return found;
        }
    }

    private static SequenceBatch batch(int sequences, int spread) {
        Random random = new Random(sequences);
        List<int[]> prompts = new ArrayList<>();
        List<int[]> completions = new ArrayList<>();
        for (int i = 0; i < sequences; i++) {
            prompts.add(tokens(random, 4 + random.nextInt(spread + 1)));
            completions.add(tokens(random, 3 + random.nextInt(spread + 1)));
        }
        return new SequenceBatch(prompts, completions, 0);
    }

    private static int[] tokens(Random random, int count) {
        return random.ints(count, 2, SHAPE.vocabularySize()).toArray();
    }
}
