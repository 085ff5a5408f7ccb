package rlaif.models;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A model as Hugging Face keeps it: `config.json`, `generation_config.json`, safetensors, and the
/// tokenizer's files.
final class ModelFolder {

    static final String CONFIG = "config.json";
    static final String GENERATION_CONFIG = "generation_config.json";

    private static final Map<String, String> METADATA = Map.of("format", "pt");

    private ModelFolder() {}

    /// Opens a model after everything about it but its weights' values was checked.
    static StoredModel open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ModelFolderException(folder, "is no folder");
        }
        Path adapter = folder.resolve(AdapterFolder.CONFIG);
        if (Files.exists(adapter) && Files.notExists(folder.resolve(CONFIG))) {
            throw new ModelFolderException(
                    adapter,
                    "is an adapter and no model: rlaif merge makes one of it and its base");
        }
        Path tokenizer = folder.resolve(Tokenizer.FILE);
        Optional<Vocabulary> vocabulary =
                Files.exists(tokenizer)
                        ? Optional.of(Vocabulary.read(tokenizer))
                        : Optional.empty();
        ModelConfig config = ModelConfig.read(folder, vocabulary);
        if (vocabulary.isPresent() && vocabulary.get().size() > config.shape().vocabularySize()) {
            throw new ModelFolderException(
                    tokenizer,
                    "has ids up to %d, but the model has rows for %d tokens: use the tokenizer that belongs to the model"
                            .formatted(
                                    vocabulary.get().size() - 1, config.shape().vocabularySize()));
        }
        return StoredModel.open(folder, config);
    }

    static void write(Path folder, Transformer model, Tokenizer tokenizer, WeightFormat format) {
        ModelShape shape = model.shape();
        JsonFile.write(
                folder.resolve(CONFIG),
                new ModelConfig(shape, model.head()).json(format.type(), tokenizer.beginTokenId()));
        ObjectNode generation = JsonFile.JSON.createObjectNode();
        generation.put("do_sample", true);
        generation.put("temperature", 1.0);
        generation.put("top_k", 0);
        generation.put("top_p", 1.0);
        ModelConfig.putTokens(generation, shape, tokenizer.beginTokenId());
        JsonFile.write(folder.resolve(GENERATION_CONFIG), generation);
        writeWeights(folder, model, format);
        copyTokenizer(tokenizer, folder);
    }

    private static void writeWeights(Path folder, Transformer model, WeightFormat format) {
        List<SafetensorsWriter.Tensor> tensors =
                model.layout().named().stream()
                        .map(tensor ->
                                new SafetensorsWriter.Tensor(
                                        tensor.name(), tensor.shape(), model.values(tensor)))
                        .filter(tensor -> !tensor.isScoreBiasOfZero())
                        .toList();
        List<List<SafetensorsWriter.Tensor>> shards = shards(tensors, format);
        if (shards.size() == 1) {
            SafetensorsWriter.write(
                    folder.resolve(WeightFiles.SINGLE), tensors, format.type(), METADATA);
            return;
        }
        Map<String, String> places = new TreeMap<>();
        for (int number = 1; number <= shards.size(); number++) {
            String name = "model-%05d-of-%05d.safetensors".formatted(number, shards.size());
            List<SafetensorsWriter.Tensor> shard = shards.get(number - 1);
            SafetensorsWriter.write(folder.resolve(name), shard, format.type(), METADATA);
            shard.forEach(tensor -> places.put(tensor.name(), name));
        }
        ObjectNode index = JsonFile.JSON.createObjectNode();
        index.putObject("metadata")
                .put(
                        "total_size",
                        format.type().bytes()
                                * tensors.stream().mapToLong(SafetensorsWriter.Tensor::size).sum());
        ObjectNode map = index.putObject("weight_map");
        places.forEach(map::put);
        JsonFile.write(folder.resolve(WeightFiles.INDEX), index);
    }

    private static List<List<SafetensorsWriter.Tensor>> shards(
            List<SafetensorsWriter.Tensor> tensors, WeightFormat format) {
        List<List<SafetensorsWriter.Tensor>> shards = new ArrayList<>();
        shards.add(new ArrayList<>());
        long bytes = 0;
        for (SafetensorsWriter.Tensor tensor : tensors) {
            long more = tensor.size() * format.type().bytes();
            if (bytes > 0 && bytes + more > format.largestFileBytes()) {
                shards.add(new ArrayList<>());
                bytes = 0;
            }
            shards.getLast().add(tensor);
            bytes += more;
        }
        return shards;
    }

    private static void copyTokenizer(Tokenizer tokenizer, Path folder) {
        List<String> names = new ArrayList<>(TokenizerConfig.FILES);
        names.addFirst(Tokenizer.FILE);
        try {
            for (String name : names) {
                Path file = tokenizer.file().resolveSibling(name);
                if (name.equals(Tokenizer.FILE) || Files.exists(file)) {
                    Files.copy(file, folder.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": the tokenizer cannot be written", e);
        }
    }
}
