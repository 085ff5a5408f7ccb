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
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SamplerTest {

    private static final SamplingSettings SETTINGS = new SamplingSettings(0.9, 12);

    private Transformer policy;
    private Sampler sampler;

    @BeforeEach
    void open() {
        TensorThread.prepare(1);
        policy = Transformer.load(Golden.languageModel());
        sampler = new Sampler(policy);
    }

    @AfterEach
    void close() {
        sampler.close();
        policy.close();
    }

    @Test
    void cachedDecodingGivesTheLogprobsOfTheFullForwardPass() {
        List<Sampler.Request> requests =
                requests(300); // more than one batch; rows end at different columns
        List<Sampler.Sample> samples = sampler.sample(requests, SETTINGS);
        assertThat(samples.stream().map(s -> s.tokens().length).distinct().count())
                .isGreaterThan(5);
        assertLogprobs(requests, samples);
    }

    @Test
    void completionsThatShareAPromptHaveTheLogprobsOfTheFullForwardPass() {
        List<Sampler.Request> requests = new ArrayList<>();
        for (Sampler.Request request : requests(30)) {
            for (long seed = 0; seed < 4; seed++) {
                requests.add(
                        new Sampler.Request(request.promptTokens().clone(), request.seed() + seed));
            }
        }
        assertLogprobs(requests, sampler.sample(requests, SETTINGS));
    }

    @Test
    void theSameRequestsGiveTheSameSamples() {
        List<Sampler.Sample> first = sampler.sample(requests(40), SETTINGS);
        List<Sampler.Sample> second = sampler.sample(requests(40), SETTINGS);
        assertThat(second).usingRecursiveComparison().isEqualTo(first);
    }

    @Test
    void sequencesThatWaitForRoomHaveTheLogprobsOfTheFullForwardPass() {
        List<Sampler.Request> requests = new ArrayList<>();
        for (Sampler.Request request : requests(60)) {
            for (long seed = 0; seed < 3; seed++) {
                requests.add(new Sampler.Request(request.promptTokens(), request.seed() + seed));
            }
        }
        for (int room : new int[] {1, 2, 5, 16, 64}) {
            try (Sampler narrow = new Sampler(policy, room)) {
                assertLogprobs(requests, narrow.sample(requests, SETTINGS));
            }
        }
    }

    @Test
    void aSequenceThatWaitedForRoomDrawsWhatItDrawsAlone() {
        List<Sampler.Request> requests = requests(50);
        try (Sampler narrow = new Sampler(policy, 6)) {
            List<Sampler.Sample> samples = narrow.sample(requests, SETTINGS);
            for (int i = 0; i < requests.size(); i++) {
                assertThat(samples.get(i).tokens())
                        .isEqualTo(
                                sampler.sample(List.of(requests.get(i)), SETTINGS)
                                        .getFirst()
                                        .tokens());
            }
            assertThat(narrow.sample(requests, SETTINGS))
                    .usingRecursiveComparison()
                    .isEqualTo(samples);
        }
    }

    @Test
    void equalWeightsHandedOverBetweenStepsChangeNothing() {
        List<Sampler.Sample> undisturbed = sampler.sample(requests(40), SETTINGS);
        try (Transformer equal = policy.copy()) {
            List<Sampler.Sample> swapped = sampler.sample(requests(40), SETTINGS, after(4, equal));
            for (int i = 0; i < swapped.size(); i++) {
                assertThat(swapped.get(i).tokens()).isEqualTo(undisturbed.get(i).tokens());
                assertThat(swapped.get(i).logprobs()).isEqualTo(undisturbed.get(i).logprobs());
            }
        }
    }

    /// A new final norm changes every distribution and no key or value: what the old weights read
    /// is what the new ones would have read.
    @Test
    void eachTokenHasTheLogprobOfTheWeightsThatDrewIt() {
        List<Sampler.Request> requests = requests(80);
        try (Transformer newer = policy.copy();
                Sampler narrow = new Sampler(policy, 16)) {
            scaleFinalNorm(newer);
            List<Sampler.Sample> samples = narrow.sample(requests, SETTINGS, after(6, newer));
            assertThat(samples)
                    .anySatisfy(sample -> assertThat(sample.weights()).contains(0, 1))
                    .anySatisfy(sample -> assertThat(sample.weights()).containsOnly(0))
                    .anySatisfy(sample -> assertThat(sample.weights()).containsOnly(1));
            for (int i = 0; i < requests.size(); i++) {
                int[] prompt = requests.get(i).promptTokens();
                Sampler.Sample sample = samples.get(i);
                float[] before = logprobs(policy, prompt, sample.tokens(), SETTINGS.temperature());
                float[] after = logprobs(newer, prompt, sample.tokens(), SETTINGS.temperature());
                assertThat(sample.weights()).isSorted();
                for (int token = 0; token < sample.tokens().length; token++) {
                    float[] wanted = sample.weights()[token] == 0 ? before : after;
                    assertThat(sample.logprobs()[token]).isCloseTo(wanted[token], within(1e-4f));
                }
            }
        }
    }

    @Test
    void weightsOfAnotherShapeAreRefused() {
        ModelShape other = new ModelShape(40, 16, 24, 4, 2, 6, 20, 32, 10_000, 1e-5, 1, 0);
        try (Transformer stranger = Transformer.random(other, Head.LANGUAGE_MODEL, 5)) {
            assertThatThrownBy(() -> sampler.sample(requests(3), SETTINGS, after(1, stranger)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cannot go on");
        }
    }

    private static Supplier<Optional<Transformer>> after(int steps, Transformer newer) {
        AtomicInteger asked = new AtomicInteger();
        return () -> asked.incrementAndGet() == steps ? Optional.of(newer) : Optional.empty();
    }

    private static void scaleFinalNorm(Transformer model) {
        int width = model.shape().width();
        int from = model.layout().trunkSize() - width;
        float[] scaled = new float[width];
        for (int i = 0; i < width; i++) {
            scaled[i] = 0.5f + 1.5f * i / width;
        }
        FloatRuns.copy(FloatRuns.of(scaled), model.parameters(), from, width);
    }

    private void assertLogprobs(List<Sampler.Request> requests, List<Sampler.Sample> samples) {
        for (int i = 0; i < requests.size(); i++) {
            float[] wanted = logprobs(requests.get(i).promptTokens(), samples.get(i).tokens());
            assertThat(samples.get(i).logprobs()).containsExactly(wanted, within(1e-4f));
        }
    }

    @Test
    void seedsOfOnePromptGiveDifferentSamples() {
        List<Sampler.Request> requests = new ArrayList<>();
        for (long seed = 0; seed < 16; seed++) {
            requests.add(new Sampler.Request(new int[] {4, 5}, seed));
        }
        List<Sampler.Sample> samples = sampler.sample(requests, SETTINGS);
        assertThat(samples.stream().map(s -> Arrays.toString(s.tokens())).distinct().count())
                .isGreaterThan(8);
    }

    @Test
    void aRequestAloneDrawsWhatItDrawsAmongOthers() {
        List<Sampler.Request> requests = requests(20);
        List<Sampler.Sample> together = sampler.sample(requests, SETTINGS);
        for (int i = 0; i < requests.size(); i++) {
            Sampler.Sample alone = sampler.sample(List.of(requests.get(i)), SETTINGS).getFirst();
            assertThat(alone.tokens()).isEqualTo(together.get(i).tokens());
            assertThat(alone.logprobs()).containsExactly(together.get(i).logprobs(), within(1e-4f));
        }
    }

    @Test
    void firstTokensAreDistributedAsTheModelSays() {
        int draws = 4_000;
        List<Sampler.Request> requests = new ArrayList<>();
        for (int seed = 0; seed < draws; seed++) {
            requests.add(new Sampler.Request(new int[] {4}, 7919L * seed));
        }
        double[] counts = new double[policy.shape().vocabularySize()];
        for (Sampler.Sample sample : sampler.sample(requests, new SamplingSettings(2, 1))) {
            counts[sample.tokens()[0]]++;
        }
        try (NDManager step = policy.manager().newSubManager()) {
            NDArray logits = policy.logits(step, step.create(new long[][] {{4}}));
            float[] probabilities = logits.div(step.create(2f)).softmax(-1).toFloatArray();
            double chiSquare = 0;
            for (int token = 0; token < counts.length; token++) {
                double expected = draws * probabilities[token];
                chiSquare += Math.pow(counts[token] - expected, 2) / expected;
            }
            assertThat(chiSquare).isLessThan(56.9); // 99.9 % point at 28 degrees of freedom
        }
    }

    @Test
    void endedMeansThatTheLastTokenIsTheEndToken() {
        int end = policy.shape().endTokenId();
        List<Sampler.Sample> samples = sampler.sample(requests(100), SETTINGS);
        assertThat(samples).extracting(Sampler.Sample::ended).contains(true, false);
        for (Sampler.Sample sample : samples) {
            int length = sample.tokens().length;
            assertThat(sample.tokens()[length - 1] == end).isEqualTo(sample.ended());
            assertThat(Arrays.stream(sample.tokens(), 0, length - 1)).doesNotContain(end);
            assertThat(sample.ended() || length == SETTINGS.maxTokens()).isTrue();
        }
    }

    @Test
    void completionsStopAtTheLastPosition() {
        int[] longPrompt = new int[policy.shape().maxPositions() - 3];
        Arrays.fill(longPrompt, 5);
        List<Sampler.Request> requests = new ArrayList<>(requests(30));
        requests.add(new Sampler.Request(longPrompt, 1));
        List<Sampler.Sample> samples = sampler.sample(requests, new SamplingSettings(1, 20));
        Sampler.Sample cut = samples.getLast();
        assertThat(cut.tokens()).hasSizeLessThanOrEqualTo(3);
        assertThat(cut.logprobs())
                .containsExactly(logprobs(policy, longPrompt, cut.tokens(), 1), within(1e-4f));
        assertThat(samples.stream().mapToInt(s -> s.tokens().length).max().orElseThrow())
                .isGreaterThan(3);
    }

    @Test
    void promptThatFillsEveryPositionIsRefused() {
        Sampler.Request request = new Sampler.Request(new int[policy.shape().maxPositions()], 1);
        assertThatThrownBy(() -> sampler.sample(List.of(request), SETTINGS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32 tokens");
    }

    @Test
    void weightsThatAreNotNumbersDrawNothing() {
        try (Transformer broken = policy.copy();
                Sampler brokenSampler = new Sampler(broken)) {
            try (NDManager step = broken.manager().newSubManager()) {
                broken.parameters()
                        .set(
                                new NDIndex(":"),
                                step.full(broken.parameters().getShape(), Float.NaN));
            }
            assertThatThrownBy(() -> brokenSampler.sample(requests(2), SETTINGS))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageContaining("not finite");
        }
    }

    @Test
    void keepsNoArraysOfACall() {
        sampler.sample(requests(50), SETTINGS);
        int before = policy.manager().getManagedArrays().size();
        int ofTheSampler = sampler.manager().getManagedArrays().size();
        for (int call = 0; call < 20; call++) {
            sampler.sample(requests(50), SETTINGS);
        }
        assertThat(policy.manager().getManagedArrays()).hasSize(before);
        assertThat(sampler.manager().getManagedArrays()).hasSize(ofTheSampler);
    }

    @Test
    void noRequestsGiveNoSamples() {
        assertThat(sampler.sample(List.of(), SETTINGS)).isEmpty();
    }

    private List<Sampler.Request> requests(int count) {
        Random random = new Random(3);
        List<Sampler.Request> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] prompt = new int[1 + random.nextInt(9)];
            for (int t = 0; t < prompt.length; t++) {
                prompt[t] = 2 + random.nextInt(policy.shape().vocabularySize() - 2);
            }
            requests.add(new Sampler.Request(prompt, random.nextLong()));
        }
        return requests;
    }

    private float[] logprobs(int[] prompt, int[] completion) {
        return logprobs(policy, prompt, completion, SETTINGS.temperature());
    }

    private static float[] logprobs(
            Transformer policy, int[] prompt, int[] completion, double temperature) {
        SequenceBatch batch =
                new SequenceBatch(
                        List.of(prompt), List.of(completion), policy.shape().padTokenId());
        try (NDManager step = policy.manager().newSubManager()) {
            NDArray tokens = batch.tokens(step);
            NDArray logits = policy.logits(step, tokens);
            float[] all =
                    Logprobs.ofNextTokens(step, logits, tokens, (float) temperature).toFloatArray();
            return Arrays.copyOfRange(all, prompt.length - 1, all.length);
        }
    }
}
