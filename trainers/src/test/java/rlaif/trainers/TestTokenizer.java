package rlaif.trainers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import rlaif.models.Tokenizer;

/// A tokenizer of the sixteen words `w0` to `w15`, for the vocabulary of {@link TinyModels}.
final class TestTokenizer {
    private TestTokenizer() {}

    static Tokenizer in(Path folder) {
        String words =
                IntStream.range(0, 16)
                        .mapToObj(i -> "\"w%d\": %d".formatted(i, i))
                        .collect(Collectors.joining(", "));
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve("tokenizer.json"),
                    """
                    {
                      "version": "1.0",
                      "truncation": null,
                      "padding": null,
                      "added_tokens": [],
                      "normalizer": null,
                      "pre_tokenizer": {"type": "WhitespaceSplit"},
                      "post_processor": null,
                      "decoder": null,
                      "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "w2"}
                    }
                    """
                            .formatted(words));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Tokenizer.load(folder);
    }
}
