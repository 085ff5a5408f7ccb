package rlaif.models;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A copy of a model folder that a test changes.
final class ChangedFolder {

    private final Path folder;

    ChangedFolder(Path original, Path folder) throws IOException {
        this.folder = folder;
        try (Stream<Path> files = Files.list(original)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /// Changes a JSON file, made anew where it is not there.
    ObjectNode change(String name, Consumer<ObjectNode> change) throws IOException {
        Path file = file(name);
        ObjectNode json =
                Files.exists(file)
                        ? JsonFile.read(file, 1_000_000)
                        : JsonFile.JSON.createObjectNode();
        change.accept(json);
        JsonFile.write(file, json);
        return json;
    }

    /// Sets one key of `config.json` to a JSON value.
    void set(String key, String value) throws IOException {
        var node = JsonFile.JSON.readTree(value);
        change("config.json", config -> config.set(key, node));
    }

    /// Rewrites a safetensors file from a changed list of its tensors.
    void rewrite(String name, Consumer<List<SafetensorsWriter.Tensor>> change) throws IOException {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        try (Safetensors read = Safetensors.open(file(name))) {
            for (String tensor : read.names()) {
                tensors.add(
                        SafetensorsWriter.Tensor.of(
                                tensor, read.shape(tensor), read.floats(tensor)));
            }
        }
        change.accept(tensors);
        Files.delete(file(name));
        SafetensorsWriter.write(file(name), tensors, WeightType.FLOAT32, Map.of());
    }

    /// Makes the tokenizer of the tests this folder's.
    void addTokenizer() throws IOException {
        Files.copy(Golden.tokenizer().resolve("tokenizer.json"), file("tokenizer.json"));
    }

    ModelShape shape() {
        try (StoredModel model = ModelFolder.open(folder)) {
            return model.shape();
        }
    }

    Head head() {
        try (StoredModel model = ModelFolder.open(folder)) {
            return model.head();
        }
    }

    void assertRefused(String name, String... what) {
        assertThatThrownBy(() -> ModelFolder.open(folder).close())
                .isInstanceOf(ModelFolderException.class)
                .hasMessageContaining(file(name).toString())
                .hasMessageContainingAll(what);
    }
}
