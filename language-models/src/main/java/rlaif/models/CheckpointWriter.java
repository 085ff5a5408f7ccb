package rlaif.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What one checkpoint holds, as it is written into an empty folder: each file forced to disk, the
/// manifest last.
///
/// @param facts what the model card and the manifest say about the model; values that JSON can hold
record CheckpointWriter(String role, long version, Map<String, Object> facts) {
    private static final String CARD = "README.md";
    private static final Pattern ROLE = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    CheckpointWriter {
        if (!ROLE.matcher(role).matches()) {
            throw new IllegalArgumentException(
                    "role '" + role + "' is not lower-case letters, digits and dashes");
        }
        if (version < 0) {
            throw new IllegalArgumentException("version is " + version + "; it must be 0 or more");
        }
    }

    /// Writes a model.
    ///
    /// @param trainerFiles writes what only a trainer reads into the folder it is given
    /// @return the manifest's digest
    String write(Path folder, Transformer model, Tokenizer tokenizer, Consumer<Path> trainerFiles)
            throws IOException {
        requireTokensFit(model, tokenizer);
        try (Sealing sealing = new Sealing(folder)) {
            Path trainer = Files.createDirectory(folder.resolve(CheckpointStore.TRAINER));
            ModelFolder.write(folder, model, tokenizer, WeightFormat.FLOAT32);
            writeCard(folder, model);
            writeAdapter(folder, model);
            sealing.begin();
            trainerFiles.accept(trainer);
            deleteIfEmpty(trainer);
            return Manifest.write(folder, sealing, role, version, facts);
        }
    }

    private static void requireTokensFit(Transformer model, Tokenizer tokenizer) {
        if (tokenizer.vocabularySize() > model.shape().vocabularySize()) {
            throw new IllegalArgumentException(
                    tokenizer.file()
                            + " has "
                            + tokenizer.vocabularySize()
                            + " tokens, the model's vocabulary "
                            + model.shape().vocabularySize());
        }
    }

    /// Writes what another checkpoint holds, byte for byte but for card and manifest.
    ///
    /// @return the manifest's digest
    String copy(Path folder, Path opened) throws IOException {
        try (Sealing sealing = new Sealing(folder)) {
            for (String name : Manifest.names(opened)) {
                Path file = folder.resolve(name);
                Files.createDirectories(file.getParent());
                Files.copy(opened.resolve(name), file);
            }
            try (Transformer model = Transformer.load(opened)) {
                writeCard(folder, model);
            }
            return Manifest.write(folder, sealing, role, version, facts);
        }
    }

    private void writeCard(Path folder, Transformer model) throws IOException {
        Files.writeString(folder.resolve(CARD), ModelCard.text(role, version, model, facts));
    }

    private void writeAdapter(Path folder, Transformer model) throws IOException {
        if (model.lora().isPresent()) {
            model.saveAdapter(
                    Files.createDirectory(folder.resolve(CheckpointStore.ADAPTER)),
                    Objects.toString(facts.get(CheckpointStore.ADAPTER_BASE), ""));
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                return;
            }
        }
        Files.delete(folder);
    }
}
