package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import rlaif.judging.Constitution;
import rlaif.judging.JudgePrompt;
import rlaif.judging.Presentation;
import rlaif.models.AdamW;
import rlaif.models.CheckpointStore;
import rlaif.models.Head;
import rlaif.models.Logprobs;
import rlaif.models.ModelShape;
import rlaif.models.SequenceBatch;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;

/// The judge commands against a model folder in this process: a tiny model that has learnt to
/// answer with a label and nothing more.
class LocalJudgeCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> WORDS =
            List.of("<pad>", "<eos>", "<unk>", "1", "2", "paris", "madrid", "capital", "is");

    @TempDir static Path root;
    private static Path model = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void train() throws IOException {
        TensorThread.prepare(1);
        String vocabulary =
                IntStream.range(0, WORDS.size())
                        .mapToObj(id -> "\"%s\": %d".formatted(WORDS.get(id), id))
                        .collect(Collectors.joining(", "));
        Files.writeString(
                root.resolve("tokenizer.json"),
                """
                {"version": "1.0", "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
                 "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {%s}}}
                """
                        .formatted(vocabulary));
        ModelShape shape =
                new ModelShape(WORDS.size(), 16, 1, 2, 2, 8, 24, 2048, 10_000, 1e-5, 1, 0);
        try (Tokenizer tokenizer = Tokenizer.load(root);
                Transformer random = Transformer.random(shape, Head.LANGUAGE_MODEL, 3);
                AdamW optimizer = new AdamW(random, new AdamW.Settings(0.9, 0.98, 1e-8, 0, 1))) {
            SequenceBatch batch = batch(tokenizer);
            for (int step = 0; step < 60; step++) {
                optimizer.step(
                        2e-2,
                        manager -> {
                            var tokens = batch.tokens(manager);
                            var logits = random.logits(manager, batch);
                            var logprobs = Logprobs.ofNextTokens(manager, logits, tokens, 1);
                            var mask = batch.completionMask(manager);
                            return logprobs.mul(mask).sum().neg().div(mask.sum());
                        });
            }
            model =
                    new CheckpointStore(root)
                            .save("judge", 1, random, tokenizer, Map.of(), _ -> {})
                            .folder();
        }
    }

    private static SequenceBatch batch(Tokenizer tokenizer) {
        List<int[]> prompts = new ArrayList<>();
        List<int[]> labels = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var shown =
                    new Presentation(
                            "p" + i,
                            Constitution.shipped().principles().get(i),
                            "user : what is the capital ? assistant :",
                            i % 2 == 0 ? "paris" : "madrid",
                            i % 2 == 0 ? "madrid" : "paris");
            prompts.add(tokenizer.encodePrompt(JudgePrompt.shipped().text(shown)));
            labels.add(tokenizer.encode(i % 2 == 0 ? "1" : "2"));
        }
        return new SequenceBatch(prompts, labels, 0);
    }

    private JsonNode run(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(
                List.of(
                        "--json",
                        "-X",
                        "judge.kind=local",
                        "-X",
                        "judge.local.model=" + model,
                        "-X",
                        "judge.price.promptTokens=2"));
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        assertThat(command.execute(all.toArray(String[]::new))).as(err.toString()).isZero();
        return JSON.readTree(out.toString());
    }

    @Test
    void aModelFolderIsMeasuredLikeAnyOtherJudge() throws IOException {
        Path file = root.resolve("pairs.jsonl");
        Files.writeString(
                file,
                """
                {"prompt": "user : what is the capital ? assistant :", "first": "paris", "second": "madrid", "label": 1}
                {"prompt": "user : what is the capital ? assistant :", "first": "is madrid", "second": "is paris", "label": 2}
                """);
        JsonNode report = run("judge", "eval", file.toString());
        assertThat(report.path("labelled").asInt()).as(out.toString()).isEqualTo(2);
        assertThat(report.path("failed").asInt()).isZero();
        assertThat(report.path("calls").asInt()).isEqualTo(4);
        assertThat(report.path("judge").path("model").asText())
                .isEqualTo(model.getFileName().toString());
        assertThat(report.path("dollars").asDouble())
                .isCloseTo(2e-6 * report.path("promptTokens").asLong(), within(1e-9))
                .isPositive();
        assertThat(err.toString()).contains("read from its logits of the labels");
    }

    @Test
    void aModelFolderIsAttackedLikeAnyOtherJudge() throws IOException {
        JsonNode report = run("judge", "attack", "--family", "length-stuffing");
        assertThat(report.path("all").path("pairs").asInt()).isPositive();
        assertThat(report.path("all").path("failed").asInt()).isZero();
        assertThat(report.path("clean").path("bad").path("pairs").asInt()).isPositive();
    }
}
