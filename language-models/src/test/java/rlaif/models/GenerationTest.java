package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GenerationTest {

    private static final Generation.Settings GREEDY = new Generation.Settings(0, 1, 6, 3);
    private static final Generation.Settings DRAWN = new Generation.Settings(1.3, 1, 8, 2);

    private Transformer model;

    @BeforeEach
    void open() {
        TensorThread.prepare(1);
        model = Transformer.load(Golden.languageModel());
    }

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void reportsTheModelsOwnLogprobsWhateverTheTemperature() {
        List<Generation.Settings> settings = new ArrayList<>();
        List<int[]> prompts = prompts(24);
        for (int i = 0; i < prompts.size(); i++) {
            settings.add(i % 2 == 0 ? GREEDY : DRAWN);
        }
        List<List<GeneratedToken>> generated = generate(model, prompts, settings);
        for (int i = 0; i < prompts.size(); i++) {
            assertReported(model, prompts.get(i), generated.get(i));
            assertThat(generated.get(i)).hasSizeLessThanOrEqualTo(settings.get(i).maxTokens());
        }
    }

    @Test
    void longPromptsReadInPiecesGiveTheLogprobsOfTheWhole() {
        // The whole prompt has more columns than a pass reads.
        ModelShape shape = new ModelShape(40, 16, 3, 4, 2, 6, 20, 1500, 10_000, 1e-5, 1, 0);
        try (Transformer deep = Transformer.random(shape, Head.LANGUAGE_MODEL, 5)) {
            Random random = new Random(8);
            int[] prompt = IntStream.range(0, 1400).map(_ -> 2 + random.nextInt(38)).toArray();
            int[] shorter = Arrays.copyOf(prompt, 900);
            List<List<GeneratedToken>> generated =
                    generate(deep, List.of(prompt, shorter), List.of(GREEDY, GREEDY));
            assertReported(deep, prompt, generated.get(0));
            assertReported(deep, shorter, generated.get(1));
        }
    }

    @Test
    void temperatureZeroTakesTheLikeliestTokenEachTime() {
        for (List<GeneratedToken> tokens :
                generate(model, prompts(8), IntStream.range(0, 8).mapToObj(_ -> GREEDY).toList())) {
            assertThat(tokens)
                    .allSatisfy(token -> {
                        assertThat(token.id()).isEqualTo(token.topIds()[0]);
                        assertThat(token.topLogprobs())
                                .isSortedAccordingTo((a, b) -> Float.compare(b, a));
                    });
        }
    }

    @Test
    void nucleusLeavesOutWhatIsUnlikely() {
        var nucleus = new Generation.Settings(1, 0.3, 1, 29);
        List<int[]> prompts = IntStream.range(0, 300).mapToObj(_ -> new int[] {4}).toList();
        List<List<GeneratedToken>> generated =
                generate(model, prompts, prompts.stream().map(_ -> nucleus).toList());
        GeneratedToken any = generated.getFirst().getFirst();
        double mass = 0;
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < any.topIds().length && mass < 0.3; i++) {
            kept.add(any.topIds()[i]);
            mass += Math.exp(any.topLogprobs()[i]);
        }
        assertThat(kept.size()).isGreaterThan(1);
        assertThat(generated.stream().map(tokens -> tokens.getFirst().id()).distinct())
                .containsExactlyInAnyOrderElementsOf(kept);
    }

    @Test
    void aReaderThatHasEnoughEndsItsCompletionAlone() {
        int[] taken = new int[2];
        Generation.Request stops =
                new Generation.Request(new int[] {4, 5}, 1, DRAWN, _ -> ++taken[0] < 2);
        Generation.Request goesOn =
                new Generation.Request(
                        new int[] {4, 6},
                        3,
                        new Generation.Settings(0, 1, 8, 0),
                        token -> {
                            taken[1]++;
                            return !token.end();
                        });
        int steps = 0;
        try (Generation generation = new Generation(model, List.of(stops, goesOn))) {
            boolean going = true;
            while (going) {
                going = generation.step();
                steps++;
            }
        }
        assertThat(taken[0]).isLessThanOrEqualTo(2);
        assertThat(taken[1]).isEqualTo(steps);
    }

    @Test
    void aRequestThatDoesNotFitIsRefusedWithItsLengths() {
        Generation.Request tooLong = new Generation.Request(new int[30], 1, GREEDY, _ -> true);
        assertThatThrownBy(() -> new Generation(model, List.of(tooLong)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("30 tokens and 6 more")
                .hasMessageContaining("32");
    }

    @Test
    void weightsThatAreNotNumbersGenerateNothing() {
        try (Transformer broken = model.copy()) {
            try (NDManager step = broken.manager().newSubManager()) {
                broken.parameters()
                        .set(
                                new NDIndex(":"),
                                step.full(broken.parameters().getShape(), Float.NaN));
            }
            assertThatThrownBy(() -> generate(broken, prompts(2), List.of(GREEDY, DRAWN)))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageContaining("not finite");
        }
    }

    @Test
    void keepsNoArraysOfAGeneration() {
        generate(model, prompts(6), IntStream.range(0, 6).mapToObj(_ -> DRAWN).toList());
        int before = model.manager().getManagedArrays().size();
        for (int round = 0; round < 20; round++) {
            generate(model, prompts(6), IntStream.range(0, 6).mapToObj(_ -> DRAWN).toList());
        }
        assertThat(model.manager().getManagedArrays()).hasSize(before);
    }

    private List<int[]> prompts(int count) {
        Random random = new Random(3);
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            prompts.add(
                    IntStream.range(0, 1 + random.nextInt(9))
                            .map(_ -> 2 + random.nextInt(27))
                            .toArray());
        }
        return prompts;
    }

    private static List<List<GeneratedToken>> generate(
            Transformer model, List<int[]> prompts, List<Generation.Settings> settings) {
        List<List<GeneratedToken>> generated = new ArrayList<>();
        List<Generation.Request> requests = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            List<GeneratedToken> tokens = new ArrayList<>();
            generated.add(tokens);
            requests.add(
                    new Generation.Request(
                            prompts.get(i), 7919L * i, settings.get(i), tokens::add));
        }
        try (Generation generation = new Generation(model, requests)) {
            boolean going = true;
            while (going) {
                going = generation.step();
            }
        }
        return generated;
    }

    /// Compares with one forward pass over prompt and completion.
    private static void assertReported(
            Transformer model, int[] prompt, List<GeneratedToken> generated) {
        int vocabulary = model.shape().vocabularySize();
        int[] drawn = generated.stream().mapToInt(GeneratedToken::id).toArray();
        long[] all =
                IntStream.concat(Arrays.stream(prompt), Arrays.stream(drawn))
                        .asLongStream()
                        .toArray();
        float[] logprobs;
        try (NDManager step = model.manager().newSubManager()) {
            NDArray tokens = step.create(new long[][] {all});
            logprobs = model.logits(step, tokens).logSoftmax(-1).toFloatArray();
        }
        for (int i = 0; i < drawn.length; i++) {
            int row = (prompt.length + i - 1) * vocabulary;
            GeneratedToken token = generated.get(i);
            assertThat(token.logprob()).isEqualTo(logprobs[row + token.id()], within(1e-4f));
            for (int t = 0; t < token.topIds().length; t++) {
                assertThat(token.topLogprobs()[t])
                        .isEqualTo(logprobs[row + token.topIds()[t]], within(1e-4f));
            }
            assertThat(token.end()).isEqualTo(token.id() == model.shape().endTokenId());
        }
    }
}
