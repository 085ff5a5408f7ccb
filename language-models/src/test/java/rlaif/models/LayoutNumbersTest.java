package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every supported layout against a PyTorch twin in float64 (`src/test/python/layouts.py`): logits
/// to 1e-4, gradients to 1e-5 relative.
class LayoutNumbersTest {

    private static final float LOGITS = 1e-4f;
    private static final double GRADIENTS = 1e-5;

    static List<ModelLayout> layouts() {
        return ModelLayout.all();
    }

    @BeforeEach
    void prepare() {
        TensorThread.prepare(1);
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void logitsOfWholeSequencesAreTheTwins(ModelLayout layout) {
        try (Transformer model = Transformer.load(layout.folder());
                Safetensors golden = layout.tensors("forward");
                NDManager step = model.manager().newSubManager()) {
            NDArray logits = model.logits(step, step.create(layout.tokens()));
            assertThat(logits.getShape()).isEqualTo(new Shape(golden.shape("logits")));
            assertThat(logits.toFloatArray())
                    .containsExactly(golden.floats("logits"), within(LOGITS));
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void logitsOfCachedDecodingAreTheTwins(ModelLayout layout) {
        try (Transformer model = Transformer.load(layout.folder());
                Safetensors golden = layout.tensors("forward")) {
            assertThat(cachedLogits(model, layout.tokens()))
                    .containsExactly(golden.floats("logits"), within(LOGITS));
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void sampledLogprobsAreThoseOfTheFullForwardPass(ModelLayout layout) {
        try (Transformer model = Transformer.load(layout.folder());
                Sampler sampler = new Sampler(model);
                NDManager step = model.manager().newSubManager()) {
            int[] prompt = {4, 7, 9};
            Sampler.Sample sample =
                    sampler.sample(
                                    List.of(
                                            new Sampler.Request(new int[] {5, 8, 2, 11, 3}, 7),
                                            new Sampler.Request(prompt, 3)),
                                    new SamplingSettings(1, 16))
                            .getLast();
            SequenceBatch batch =
                    new SequenceBatch(
                            List.of(prompt), List.of(sample.tokens()), model.shape().padTokenId());
            float[] all =
                    Logprobs.ofNextTokens(step, model.logits(step, batch), batch.tokens(step), 1)
                            .toFloatArray();
            assertThat(sample.logprobs())
                    .containsExactly(
                            Arrays.copyOfRange(all, prompt.length - 1, all.length), within(LOGITS));
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void lossAndGradientAreTheTwins(ModelLayout layout) {
        try (Transformer model = Transformer.load(layout.folder());
                Safetensors golden = layout.tensors("gradient");
                NDManager step = model.manager().newSubManager();
                GradientMode _ = GradientMode.on()) {
            model.parameters().setRequiresGradient(true);
            NDArray tokens = step.create(layout.tokens());
            NDArray loss =
                    Logprobs.ofNextTokens(step, model.logits(step, tokens), tokens, 1).mean().neg();
            JniUtils.backward(
                    (PtNDArray) loss, (PtNDArray) step.ones(loss.getShape()), false, false);
            assertThat((double) loss.getFloat()).isCloseTo(layout.loss(), within(1e-5));
            NDArray gradient = model.parameters().getGradient();
            gradient.attach(step);
            Map<String, float[]> found = Golden.tensors(model, gradient.toFloatArray());
            assertThat(found.keySet()).isEqualTo(golden.names());
            found.forEach((name, values) ->
                    assertThat(Golden.relativeError(values, golden.floats(name)))
                            .as(name)
                            .isLessThanOrEqualTo(GRADIENTS));
        }
    }

    /// Logits of every position, each computed from one new column and the cache, in the order
    /// (batch, time, vocabulary).
    private static float[] cachedLogits(Transformer model, long[][] tokens) {
        ModelShape shape = model.shape();
        int batch = tokens.length;
        int time = tokens[0].length;
        float[] all = new float[batch * time * shape.vocabularySize()];
        try (KeyValueCache cache = new KeyValueCache(shape, model.manager(), batch, time)) {
            for (int column = 0; column < time; column++) {
                int at = column;
                try (NDManager step = model.manager().newSubManager()) {
                    long[] newest = Arrays.stream(tokens).mapToLong(row -> row[at]).toArray();
                    long[] positions = new long[batch];
                    Arrays.fill(positions, column);
                    Rotary rotary =
                            model.tables()
                                    .rotary(
                                            step,
                                            step.create(positions, new Shape(batch, 1)),
                                            column + 1);
                    NDArray mask = step.zeros(new Shape(batch, 1, 1, 1, column + 1));
                    CacheWindow window = new CacheWindow(0, batch, column, 1, 0, column + 1);
                    Attention attention =
                            new CachedAttention(shape, step, cache, window, rotary, mask);
                    Decoder decoder = model.decoder(step);
                    float[] logits =
                            decoder.logits(decoder.features(step.create(newest), attention))
                                    .toFloatArray();
                    for (int row = 0; row < batch; row++) {
                        System.arraycopy(
                                logits,
                                row * shape.vocabularySize(),
                                all,
                                (row * time + column) * shape.vocabularySize(),
                                shape.vocabularySize());
                    }
                }
            }
        }
        return all;
    }
}
