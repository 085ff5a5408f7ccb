package rlaif.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The weights of a model folder: one safetensors file, or shards behind an index.
final class WeightFiles implements AutoCloseable {

    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    private static final String WEIGHT_MAP = "weight_map";
    private static final long LARGEST_INDEX_BYTES = 50_000_000;
    private static final Pattern SHARD =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*\\.safetensors");

    /// Files that hold weights as Python objects or in formats of other programs.
    private static final List<String> FOREIGN =
            List.of(
                    "pytorch_model.bin",
                    "pytorch_model.bin.index.json",
                    "consolidated.00.pth",
                    "tf_model.h5",
                    "flax_model.msgpack");

    private final Path file;
    private final Map<String, Safetensors> shards = new TreeMap<>(); // by file name
    private final Map<String, Safetensors> tensors = new LinkedHashMap<>();

    private WeightFiles(Path file) {
        this.file = file;
    }

    /// Opens the folder's `model.safetensors`, else the shards of its index.
    static WeightFiles open(Path folder) {
        Path single = folder.resolve(SINGLE);
        Path index = folder.resolve(INDEX);
        if (Files.exists(single)) {
            return open(single, Set.of(SINGLE));
        }
        if (Files.exists(index)) {
            return openShards(index);
        }
        for (String name : FOREIGN) {
            Path foreign = folder.resolve(name);
            if (Files.exists(foreign)) {
                throw new ModelFolderException(
                        foreign,
                        "is not read: a pickle can run code. Save the model as safetensors:"
                                + " save_pretrained(folder, safe_serialization=True)");
            }
        }
        throw new ModelFolderException(single, "is missing, and so is " + INDEX);
    }

    private static WeightFiles openShards(Path index) {
        ObjectNode json = JsonFile.read(index, LARGEST_INDEX_BYTES);
        JsonNode map = json.path(WEIGHT_MAP);
        if (!map.isObject() || map.isEmpty()) {
            throw new ModelFolderException(index, "key " + WEIGHT_MAP + " is missing or empty");
        }
        Set<String> names = new TreeSet<>();
        for (Map.Entry<String, JsonNode> tensor : map.properties()) {
            String shard = tensor.getValue().asText();
            if (!SHARD.matcher(shard).matches()) {
                throw new ModelFolderException(
                        index,
                        "tensor "
                                + tensor.getKey()
                                + " lies in '"
                                + shard
                                + "', which is no safetensors file of this folder");
            }
            if (names.add(shard) && !Files.exists(index.resolveSibling(shard))) {
                throw new ModelFolderException(
                        index.resolveSibling(shard),
                        "is missing, and " + index.getFileName() + " says that it holds tensors");
            }
        }
        WeightFiles files = open(index, names);
        try {
            for (Map.Entry<String, JsonNode> tensor : map.properties()) {
                files.requireWhereIndexSays(tensor.getKey(), tensor.getValue().asText());
            }
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
        return files;
    }

    private static WeightFiles open(Path file, Set<String> names) {
        WeightFiles files = new WeightFiles(file);
        try {
            for (String name : names) {
                files.add(file.resolveSibling(name));
            }
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
        return files;
    }

    private void add(Path shardFile) {
        Safetensors shard = Safetensors.open(shardFile);
        shards.put(shardFile.getFileName().toString(), shard);
        for (String name : shard.names()) {
            if (tensors.putIfAbsent(name, shard) != null) {
                throw new ModelFolderException(
                        shardFile, "tensor " + name + " is in another shard already");
            }
        }
    }

    private void requireWhereIndexSays(String tensor, String shard) {
        Safetensors found = shards.get(shard);
        if (found == null || !found.names().contains(tensor)) {
            throw new ModelFolderException(
                    file, "tensor " + tensor + " is not in " + shard + ", where it should be");
        }
    }

    /// The file that stands for all: the only one, or the index.
    Path file() {
        return file;
    }

    Set<String> names() {
        return tensors.keySet();
    }

    /// @param name one of `names`
    Safetensors holding(String name) {
        Safetensors shard = tensors.get(name);
        if (shard == null) {
            throw new ModelFolderException(file, "tensor " + name + " is missing");
        }
        return shard;
    }

    @Override
    public void close() {
        shards.values().forEach(Safetensors::close);
    }
}
