package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.models.Head;
import rlaif.models.ModelShape;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.models.WeightFormat;

/// A prompt of thousands of tokens in a process with the memory that `./rlaif` gives one.
class LongPromptTest {
    private static final ModelShape SHAPE =
            new ModelShape(16, 16, 2, 4, 2, 4, 24, 32_768, 10_000, 1e-5, 1, 0);

    @TempDir Path folder;

    @Test
    void fiveThousandTokensAreContinued() throws IOException, InterruptedException {
        String prompt = String.join(" ", Collections.nCopies(2_500, "w3 w4"));
        try (RlaifProcess generate =
                RlaifProcess.run(
                        folder,
                        Duration.ofMinutes(2),
                        "generate",
                        "--model",
                        model().toString(),
                        "--max-tokens",
                        "3",
                        prompt)) {
            assertThat(generate.exitCode()).as(generate.err()).isEqualTo(ExitCode.OK);
            assertThat(generate.out().strip()).isNotEmpty();
        }
    }

    private Path model() throws IOException {
        TensorThread.prepare(1);
        Path words = Files.createDirectory(folder.resolve("words"));
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.writeString(
                words.resolve("tokenizer.json"),
                """
                {"version": "1.0", "added_tokens": [], "pre_tokenizer": {"type": "WhitespaceSplit"},
                 "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "w2"}}
                """
                        .formatted(
                                IntStream.range(0, 16)
                                        .mapToObj(i -> "\"w%d\": %d".formatted(i, i))
                                        .collect(Collectors.joining(", "))));
        try (Transformer random = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3);
                Tokenizer tokenizer = Tokenizer.load(words)) {
            random.save(model, tokenizer, WeightFormat.FLOAT32);
        }
        return model;
    }
}
