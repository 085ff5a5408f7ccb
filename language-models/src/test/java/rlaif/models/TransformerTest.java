package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransformerTest {

    private static final ModelShape SHAPE =
            new ModelShape(40, 12, 2, 4, 2, 4, 16, 100, 10_000, 1e-5, 1, 0);

    @BeforeEach
    void prepare() {
        TensorThread.prepare(1);
    }

    @Test
    void theSameSeedGivesTheSameWeights() {
        try (Transformer one = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3);
                Transformer same = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3);
                Transformer other = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 4)) {
            assertThat(same.parameters().toFloatArray()).isEqualTo(one.parameters().toFloatArray());
            assertThat(other.parameters().toFloatArray())
                    .isNotEqualTo(one.parameters().toFloatArray());
        }
    }

    @Test
    void aCopyLivesOnItsOwn() {
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3);
                Transformer copy = model.copy()) {
            float[] before = model.parameters().toFloatArray();
            setAll(model, 0.5f);
            assertThat(copy.parameters().toFloatArray()).isEqualTo(before);
        }
    }

    @Test
    void copyFromChangesTheLiveWeightsThatViewsSee() {
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3);
                Transformer other = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 4);
                NDManager step = model.manager().newSubManager()) {
            model.parameters().setRequiresGradient(true);
            NDArray view = model.parameters().get(step, new NDIndex("0:10"));
            model.copyFrom(other);
            assertThat(view.toFloatArray())
                    .isEqualTo(Arrays.copyOf(other.parameters().toFloatArray(), 10));
            setAll(other, 0);
            assertThat(model.parameters().toFloatArray()).doesNotContain(0f);
        }
    }

    @Test
    void copyFromAnotherShapeIsRefused() {
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3);
                Transformer scalar = model.withScalarHead(5)) {
            assertThatThrownBy(() -> model.copyFrom(scalar))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("SCALAR");
        }
    }

    @Test
    void aScalarHeadStandsOnTheSameTrunk() {
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3);
                Transformer scalar = model.withScalarHead(5);
                Transformer again = scalar.withScalarHead(6)) {
            int trunk = model.layout().trunkSize();
            float[] weights = scalar.parameters().toFloatArray();
            assertThat(weights).hasSize(trunk + SHAPE.width() + 1);
            assertThat(Arrays.copyOf(weights, trunk)).isEqualTo(model.parameters().toFloatArray());
            assertThat(weights[weights.length - 1]).isZero();
            assertThat(Arrays.copyOfRange(weights, trunk, weights.length - 1)).doesNotContain(0f);
            assertThat(Arrays.copyOf(again.parameters().toFloatArray(), trunk))
                    .isEqualTo(Arrays.copyOf(weights, trunk));
        }
    }

    @Test
    void scalarHeadWeightsHaveTheDeviationOfTheirWidth() {
        ModelShape wide = new ModelShape(4, 4000, 1, 1, 1, 2, 1, 8, 10_000, 1e-5, 1, 0);
        try (Transformer model = Transformer.random(wide, Head.LANGUAGE_MODEL, 3);
                Transformer scalar = model.withScalarHead(5)) {
            float[] weights = scalar.parameters().toFloatArray();
            double squares = 0;
            for (int i = model.layout().trunkSize(); i < weights.length - 1; i++) {
                squares += (double) weights[i] * weights[i];
            }
            assertThat(squares).isBetween(0.9, 1.1); // width times 1 / (width + 1)
        }
    }

    @Test
    void aZeroScalarHeadGivesZeroEverywhere() {
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3);
                Transformer scalar = model.withZeroScalarHead();
                NDManager step = scalar.manager().newSubManager()) {
            NDArray scalars =
                    scalar.scalars(step, step.create(new long[][] {{2, 3, 4}, {5, 6, 0}}));
            assertThat(scalars.toFloatArray()).hasSize(6).containsOnly(0f);
        }
    }

    @Test
    void paddingOnTheRightChangesNoToken() {
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3);
                NDManager step = model.manager().newSubManager()) {
            float[] alone =
                    model.logits(step, step.create(new long[][] {{2, 3, 4}})).toFloatArray();
            float[] padded =
                    model.logits(step, step.create(new long[][] {{2, 3, 4, 0, 0, 0}}))
                            .toFloatArray();
            assertThat(Golden.relativeError(Arrays.copyOf(padded, alone.length), alone))
                    .isLessThan(1e-6);
        }
    }

    @Test
    void aBatchWithoutPaddingIsItsTokens() {
        SequenceBatch batch =
                new SequenceBatch(
                        List.of(new int[] {5, 6}, new int[] {7}),
                        List.of(new int[] {1}, new int[] {8, 0}),
                        0);
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3);
                NDManager step = model.manager().newSubManager()) {
            float[] wanted = model.logits(step, batch.tokens(step)).toFloatArray();
            assertThat(model.logits(step, batch).toFloatArray()).isEqualTo(wanted);
        }
    }

    @Test
    void aPaddingTokenThatBelongsToACompletionIsRead() {
        SequenceBatch batch =
                new SequenceBatch(
                        List.of(new int[] {5, 6}, new int[] {7}),
                        List.of(new int[] {0, 0}, new int[] {8}),
                        0);
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3);
                NDManager step = model.manager().newSubManager()) {
            float[] wanted = model.logits(step, batch.tokens(step)).get(0).toFloatArray();
            float[] found = model.logits(step, batch).get(0).toFloatArray();
            assertThat(Golden.relativeError(found, wanted)).isLessThan(1e-6);
        }
    }

    @Test
    void sequencesLongerThanTheFirstTablesAreRead() {
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3);
                NDManager step = model.manager().newSubManager()) {
            float[] brief =
                    model.logits(step, step.ones(shape(1, 60), DataType.INT64)).toFloatArray();
            float[] full =
                    model.logits(step, step.ones(shape(1, 100), DataType.INT64)).toFloatArray();
            assertThat(Golden.relativeError(Arrays.copyOf(full, brief.length), brief))
                    .isLessThan(1e-6);
        }
    }

    @Test
    void sequenceBeyondTheLastPositionIsRefused() {
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3);
                NDManager step = model.manager().newSubManager()) {
            NDArray tokens = step.ones(shape(1, 101), DataType.INT64);
            assertThatThrownBy(() -> model.logits(step, tokens))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("101 tokens");
        }
    }

    @Test
    void theWrongHeadIsNamed() {
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3);
                NDManager step = model.manager().newSubManager()) {
            NDArray tokens = step.create(new long[][] {{2, 3}});
            assertThatThrownBy(() -> model.scalars(step, tokens))
                    .hasMessageContaining("SCALAR is needed");
        }
    }

    @Test
    void shapeThatCannotBeIsRefusedWithItsValues() {
        assertThatThrownBy(() -> new ModelShape(40, 12, 2, 4, 3, 4, 16, 100, 10_000, 1e-5, 1, 0))
                .hasMessageContaining("heads 4 is no multiple of keyValueHeads 3");
        assertThatThrownBy(() -> new ModelShape(40, 12, 2, 4, 2, 5, 16, 100, 10_000, 1e-5, 1, 0))
                .hasMessageContaining("headWidth 5 is odd");
        assertThatThrownBy(() -> new ModelShape(40, 12, 2, 4, 2, 4, 16, 100, 10_000, 1e-5, 0, 0))
                .hasMessageContaining("both 0");
        assertThatThrownBy(() -> new ModelShape(40, 12, 2, 4, 2, 4, 16, 100, 10_000, 1e-5, 40, 0))
                .hasMessageContaining("outside the vocabulary");
    }

    private static Shape shape(long... dimensions) {
        return new Shape(dimensions);
    }

    @Test
    void nextTokenLogitsAreThoseOfEachSequencesLastPosition() {
        int[] shorter = {3, 4, 5};
        int[] longer = {6, 7, 8, 9, 10, 11};
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3);
                NDManager step = model.manager().newSubManager()) {
            float[] batched = model.nextTokenLogits(step, List.of(shorter, longer)).toFloatArray();
            for (int row = 0; row < 2; row++) {
                int[] sequence = row == 0 ? shorter : longer;
                NDArray tokens =
                        step.create(
                                Arrays.stream(sequence).asLongStream().toArray(),
                                new Shape(1, sequence.length));
                float[] all = model.logits(step, tokens).toFloatArray();
                float[] last = Arrays.copyOfRange(all, all.length - 40, all.length);
                assertThat(Arrays.copyOfRange(batched, row * 40, row * 40 + 40))
                        .containsExactly(last, within(1e-5f));
            }
        }
    }

    @Test
    void aSequenceOfThousandsOfTokensIsReadWholeOrInPiecesAlike() {
        ModelShape shape = new ModelShape(40, 8, 1, 2, 1, 4, 8, 32_768, 10_000, 1e-5, 1, 0);
        int[] prompt = new int[12_000];
        Arrays.setAll(prompt, i -> 2 + (7 * i + i / 31) % 38);
        try (Transformer model = Transformer.random(shape, Head.LANGUAGE_MODEL, 3);
                Sampler sampler = new Sampler(model);
                NDManager step = model.manager().newSubManager()) {
            Sampler.Sample drawn =
                    sampler.sample(
                                    List.of(new Sampler.Request(prompt, 5)),
                                    new SamplingSettings(1, 3))
                            .getFirst();
            SequenceBatch batch = new SequenceBatch(List.of(prompt), List.of(drawn.tokens()), 0);
            float[] whole = Logprobs.ofNextTokens(step, model, batch, 1).toFloatArray();
            assertThat(Arrays.copyOfRange(whole, prompt.length - 1, whole.length))
                    .containsExactly(drawn.logprobs(), within(1e-4f));
        }
    }

    private static void setAll(Transformer model, float value) {
        try (GradientMode _ = GradientMode.off();
                NDManager step = model.manager().newSubManager()) {
            model.parameters()
                    .set(new NDIndex(":"), step.full(model.parameters().getShape(), value));
        }
    }
}
