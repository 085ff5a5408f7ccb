package rlaif.benchmarks.learning;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import rlaif.models.CheckpointStore;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;

/// A policy 0 that a run leaves for later runs with other settings of what follows.
final class Kept {
    private Kept() {}

    static Optional<Path> find(String folder) {
        Path policies = Path.of(folder, "policy");
        if (folder.isEmpty() || !Files.isDirectory(policies)) {
            return Optional.empty();
        }
        try (Stream<Path> stored = Files.list(policies)) {
            return stored.filter(Files::isDirectory).findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void keep(String folder, Transformer policy, Tokenizer tokenizer) {
        if (!folder.isEmpty()) {
            new CheckpointStore(Path.of(folder))
                    .save("policy", 0, policy, tokenizer, Map.of(), _ -> {});
        }
    }
}
