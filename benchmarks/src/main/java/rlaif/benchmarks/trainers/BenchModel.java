package rlaif.benchmarks.trainers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import rlaif.models.Head;
import rlaif.models.ModelShape;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.models.WeightFormat;
import rlaif.worlds.NineRuleChat;

/// A model of a size that is measured, with random weights.
///
/// @param parameters how many it has, as it stands in a table
record BenchModel(String parameters, ModelShape shape) {
    static final BenchModel SMALL =
            new BenchModel(
                    "0.6M", new ModelShape(512, 128, 3, 4, 2, 32, 344, 256, 1e4, 1e-5, 1, 0));
    static final BenchModel MIDDLE =
            new BenchModel(
                    "3.4M", new ModelShape(1536, 256, 4, 8, 4, 32, 720, 256, 1e4, 1e-5, 1, 0));
    static final BenchModel PUBLISHED =
            new BenchModel(
                    "10M", new ModelShape(2048, 384, 6, 6, 2, 64, 1024, 256, 1e4, 1e-5, 1, 0));
    static final BenchModel LARGE =
            new BenchModel(
                    "25M", new ModelShape(4096, 512, 8, 8, 4, 64, 1376, 256, 1e4, 1e-5, 1, 0));

    private static final long SEED = 1;

    /// The language model: always the same weights.
    Transformer policy() {
        return Transformer.random(shape, Head.LANGUAGE_MODEL, SEED);
    }

    /// The same weights in a Hugging Face folder below `parent`.
    Path folder(Path parent) throws IOException {
        Path folder = parent.resolve(parameters);
        if (Files.exists(folder)) {
            return folder;
        }
        Files.createDirectories(folder);
        try (Transformer policy = policy();
                Tokenizer tokenizer = tokenizer(parent)) {
            policy.save(folder, tokenizer, WeightFormat.FLOAT32);
        }
        return folder;
    }

    /// A tokenizer whose ids every one of these models has.
    static Tokenizer tokenizer(Path parent) throws IOException {
        Path folder = Files.createDirectories(parent.resolve("tokenizer"));
        Files.writeString(folder.resolve("tokenizer.json"), new NineRuleChat().tokenizerJson());
        return Tokenizer.load(folder);
    }
}
