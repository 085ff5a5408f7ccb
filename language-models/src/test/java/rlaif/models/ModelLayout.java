package rlaif.models;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// A Hugging Face folder of one family with what the PyTorch twin `layouts.py` computed of it.
record ModelLayout(String name, Path folder) {

    static List<ModelLayout> all() {
        return List.of(
                of("llama3"),
                of("llama3-untied"),
                of("llama-linear-biased"),
                of("smollm2"),
                of("qwen2"),
                of("qwen2-untied"),
                of("qwen3"),
                of("qwen3-untied"));
    }

    static ModelLayout of(String name) {
        URL url = Objects.requireNonNull(ModelLayout.class.getResource("/layouts/" + name), name);
        try {
            return new ModelLayout(name, Path.of(url.toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    Safetensors tensors(String file) {
        return Safetensors.open(folder.resolve(file + ".safetensors"));
    }

    double loss() {
        return golden().get("loss").asDouble();
    }

    /// (batch, time)
    long[][] tokens() {
        return JsonFile.JSON.convertValue(golden().get("tokens"), long[][].class);
    }

    /// The type of every weight on disk.
    WeightType type() {
        String name =
                JsonFile.read(folder.resolve("config.json"), 10_000).get("torch_dtype").asText();
        return switch (name) {
            case "float32" -> WeightType.FLOAT32;
            case "float16" -> WeightType.FLOAT16;
            case "bfloat16" -> WeightType.BFLOAT16;
            default -> throw new AssertionError(name);
        };
    }

    @Override
    public String toString() {
        return name;
    }

    private JsonNode golden() {
        return JsonFile.read(folder.resolve("tokens.json"), 10_000);
    }
}
