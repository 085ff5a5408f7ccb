package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.judging.CompletionToScore;
import rlaif.judging.Constitution;
import rlaif.judging.JudgePrompt;
import rlaif.judging.Presentation;
import rlaif.judging.ReadingMode;
import rlaif.judging.Reply;
import rlaif.judging.ScorePrompt;
import rlaif.judging.http.Api;
import rlaif.judging.http.Asking;
import rlaif.judging.http.CapabilityProbe;
import rlaif.judging.http.HttpJudge;
import rlaif.judging.http.HttpScoringJudge;
import rlaif.judging.http.JudgeEndpoint;
import rlaif.judging.http.ProbeException;
import rlaif.judging.http.ProbePatience;
import rlaif.models.ChatMessage;
import rlaif.models.Head;
import rlaif.models.ModelShape;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.models.serving.ChatFormat;
import rlaif.models.serving.ModelServer;
import rlaif.models.serving.ServedModel;
import rlaif.models.serving.ServerAddress;
import rlaif.models.serving.ServingSettings;

/// A judge over HTTP that asks a model of ours reads what the model's logits say.
class ServedJudgeTest {
    /// Nearly all that this model can say is a label, in one spelling or another.
    private static final List<String> VOCABULARY =
            List.of(
                    "<pad>", "<eos>", "<unk>", "1", "2", "▁1", "▁2", "Ġ1", "Ġ2", "▁▁1", "▁▁2",
                    "ĠĠ1", "ĠĠ2", "1▁", "2▁", "1Ġ", "2Ġ", "Ċ1", "Ċ2", "▁1▁");

    @TempDir Path folder;

    @Test
    void judgeOverHttpReadsTheProbabilityOfTheLogits() throws Exception {
        TensorThread.prepare(1);
        writeTokenizer();
        Presentation order = presentation("it is cairo .", "it is nairobi .");
        Presentation reverse = presentation("it is nairobi .", "it is cairo .");
        try (Transformer model = sureModel(order, reverse);
                ModelServer server = serve(model);
                HttpJudge judge =
                        new HttpJudge(
                                JudgeEndpoint.of("judge", server.uri(), "judge"),
                                JudgePrompt.shipped())) {
            for (Presentation asked : List.of(order, reverse)) {
                Labels wanted = labels(model, asked);
                assertThat(judge.ask(asked))
                        .isInstanceOfSatisfying(
                                Reply.Verdict.class,
                                read -> {
                                    assertThat(read.probability1())
                                            .isEqualTo(
                                                    wanted.one() / (wanted.one() + wanted.two()),
                                                    within(1e-4));
                                    assertThat(read.coveredMass())
                                            .isEqualTo(wanted.one() + wanted.two(), within(1e-4));
                                });
            }
        }
    }

    @Test
    void everyWayOfAskingAServedModelIsDecidedByTheProbeAndMakesNoLabelUp() throws Exception {
        TensorThread.prepare(1);
        writeTokenizer();
        Presentation pair = presentation("it is cairo .", "it is nairobi .");
        Presentation reverse = presentation("it is nairobi .", "it is cairo .");
        Asking asking = new Asking(4, 1, 16);
        try (Transformer model = sureModel(pair, reverse);
                ModelServer server = serve(model)) {
            JudgeEndpoint endpoint = JudgeEndpoint.of("judge", server.uri(), "judge");
            CapabilityProbe.Found best = probed(endpoint, pair, Optional.empty(), Optional.empty());
            assertThat(best.dialect().api()).isEqualTo(Api.CHAT);
            assertThat(best.dialect().reading()).isEqualTo(ReadingMode.LOGPROBS);
            assertThat(best.countsTokens()).isTrue();

            int answered = 0;
            for (Api api : Api.values()) {
                for (ReadingMode reading :
                        List.of(ReadingMode.LOGPROBS, ReadingMode.SAMPLING, ReadingMode.GRAMMAR)) {
                    CapabilityProbe.Found found;
                    try {
                        found = probed(endpoint, pair, Optional.of(api), Optional.of(reading));
                    } catch (ProbeException undecided) {
                        assertThat(undecided).hasMessageContaining("ends in no label");
                        continue;
                    }
                    for (String template : List.of("base", "detailed-cot")) {
                        try (HttpJudge judge =
                                new HttpJudge(
                                        endpoint,
                                        found.dialect(),
                                        JudgePrompt.named(template),
                                        asking)) {
                            assertNotMadeUp(judge.ask(pair));
                        }
                    }
                    try (HttpScoringJudge judge =
                            new HttpScoringJudge(
                                    endpoint,
                                    found.dialect(),
                                    ScorePrompt.named("score"),
                                    asking)) {
                        assertNotMadeUp(
                                judge.score(
                                        new CompletionToScore(
                                                "rollout",
                                                pair.principle(),
                                                pair.prompt(),
                                                pair.completion1())));
                    }
                    answered++;
                }
            }
            assertThat(answered).as("log-probabilities of both").isGreaterThanOrEqualTo(2);
        }
    }

    /// A random model may well say nothing: then there is no label.
    private static void assertNotMadeUp(Reply reply) {
        switch (reply) {
            case Reply.Verdict verdict -> {
                assertThat(verdict.coveredMass()).isGreaterThanOrEqualTo(0.9);
                assertThat(verdict.usage().promptTokens()).isPositive();
            }
            case Reply.Scored scored ->
                    assertThat(scored.coveredMass()).isGreaterThanOrEqualTo(0.9);
            case Reply.Unreadable unreadable ->
                    assertThat(unreadable.coveredMass()).isLessThan(0.9);
            case Reply.Written _, Reply.Refused _, Reply.RetryLater _ ->
                    throw new AssertionError("the server should have answered, and not " + reply);
        }
    }

    private static CapabilityProbe.Found probed(
            JudgeEndpoint endpoint,
            Presentation pair,
            Optional<Api> api,
            Optional<ReadingMode> reading)
            throws Exception {
        return new CapabilityProbe(
                        endpoint,
                        new CapabilityProbe.Wanted(api, reading),
                        List.of(pair),
                        new ProbePatience(Duration.ofMinutes(1), Duration.ofMillis(10)))
                .run();
    }

    private ModelServer serve(Transformer model) throws IOException {
        return ModelServer.start(
                ServerAddress.local(0),
                ServingSettings.DEFAULT,
                new ServedModel(
                        "judge", "judge", model.copy(), Tokenizer.load(folder), ChatFormat.PLAIN));
    }

    /// Probability of the spellings of each label.
    private record Labels(double one, double two) {}

    /// The first of the random models that puts enough on the labels, whichever the order.
    private Transformer sureModel(Presentation... presentations) {
        ModelShape shape =
                new ModelShape(VOCABULARY.size(), 16, 2, 4, 2, 4, 24, 1024, 10_000, 1e-5, 1, 0);
        for (long seed = 1; seed <= 200; seed++) {
            Transformer model = Transformer.random(shape, Head.LANGUAGE_MODEL, seed);
            if (Arrays.stream(presentations)
                    .allMatch(p -> {
                        Labels labels = labels(model, p);
                        return labels.one() + labels.two() > 0.91;
                    })) {
                return model;
            }
            model.close();
        }
        throw new AssertionError("no seed gives a model that says labels");
    }

    private Labels labels(Transformer model, Presentation asked) {
        String prompt =
                ChatFormat.PLAIN.prompt(
                        List.of(
                                new ChatMessage(
                                        ChatMessage.Role.USER, JudgePrompt.shipped().text(asked))));
        try (Tokenizer tokenizer = Tokenizer.load(folder);
                NDManager step = model.manager().newSubManager()) {
            long[] tokens = Arrays.stream(tokenizer.encodePrompt(prompt)).asLongStream().toArray();
            NDArray logits = model.logits(step, step.create(new long[][] {tokens}));
            float[] all = logits.softmax(-1).toFloatArray();
            int last = (tokens.length - 1) * VOCABULARY.size();
            return new Labels(mass(all, last, "1"), mass(all, last, "2"));
        }
    }

    private static double mass(float[] probabilities, int from, String label) {
        return IntStream.range(0, VOCABULARY.size())
                .filter(token -> VOCABULARY.get(token).contains(label))
                .mapToDouble(token -> probabilities[from + token])
                .sum();
    }

    private static Presentation presentation(String completion1, String completion2) {
        return new Presentation(
                "pair",
                Constitution.shipped().principles().getFirst(),
                "user : what is the capital of egypt ? assistant :",
                completion1,
                completion2);
    }

    private void writeTokenizer() throws IOException {
        String vocabulary =
                IntStream.range(0, VOCABULARY.size())
                        .mapToObj(id -> "\"%s\": %d".formatted(VOCABULARY.get(id), id))
                        .collect(Collectors.joining(", "));
        Files.writeString(
                folder.resolve("tokenizer.json"),
                """
                {"version": "1.0", "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
                 "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {%s}}}
                """
                        .formatted(vocabulary));
    }
}
