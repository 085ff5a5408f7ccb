package rlaif.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;

/// A model as Hugging Face keeps it: `config.json`, `model.safetensors`, `generation_config.json`,
/// `tokenizer.json`.
final class ModelFolder {

    /// A model read into Java memory, its parameters in the order of {@link ParameterLayout}.
    @SuppressWarnings("ArrayRecordComponent") // owned by the reader, never compared
    record Model(ModelShape shape, Head head, float[] parameters) {}

    static final String CONFIG = "config.json";
    static final String GENERATION_CONFIG = "generation_config.json";
    static final String WEIGHTS = "model.safetensors";

    private static final String SHARDS = "model.safetensors.index.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private ModelFolder() {}

    static Model read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ModelFolderException(folder, "is no folder");
        }
        refuseChatTemplate(folder);
        ModelConfig config = ModelConfig.read(folder.resolve(CONFIG));
        if (Files.exists(folder.resolve(SHARDS))) {
            throw new ModelFolderException(
                    folder.resolve(SHARDS),
                    "sharded weights are not supported; merge them into " + WEIGHTS);
        }
        return new Model(config.shape(), config.head(), weights(folder.resolve(WEIGHTS), config));
    }

    static void write(Path folder, Transformer model, Tokenizer tokenizer) {
        ModelShape shape = model.shape();
        writeJson(folder.resolve(CONFIG), new ModelConfig(shape, model.head()).json());
        ObjectNode generation = JSON.createObjectNode();
        generation.put("do_sample", true);
        generation.put("temperature", 1.0);
        generation.put("top_k", 0);
        generation.put("top_p", 1.0);
        generation.put("eos_token_id", shape.endTokenId());
        generation.put("pad_token_id", shape.padTokenId());
        writeJson(folder.resolve(GENERATION_CONFIG), generation);
        float[] flat = model.parameters().toFloatArray();
        Safetensors.write(
                folder.resolve(WEIGHTS), model.layout().tensors(flat), Map.of("format", "pt"));
        try {
            Files.copy(
                    tokenizer.file(),
                    folder.resolve(Tokenizer.FILE),
                    StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": the tokenizer cannot be written", e);
        }
    }

    private static float[] weights(Path file, ModelConfig config) {
        ParameterLayout layout = new ParameterLayout(config.shape(), config.head());
        float[] flat = new float[layout.size()];
        try (Safetensors tensors = Safetensors.open(file)) {
            for (String name : tensors.names()) {
                boolean known =
                        layout.named().stream().anyMatch(tensor -> tensor.name().equals(name));
                boolean redundant =
                        name.equals("lm_head.weight") || name.endsWith("rotary_emb.inv_freq");
                if (!known && !redundant) {
                    throw new ModelFolderException(
                            file, "tensor " + name + " has no place in this architecture");
                }
            }
            for (ParameterLayout.Named tensor : layout.named()) {
                long[] found = tensors.shape(tensor.name());
                if (!Arrays.equals(found, tensor.shape())) {
                    throw new ModelFolderException(
                            file,
                            "tensor "
                                    + tensor.name()
                                    + " has shape "
                                    + Arrays.toString(found)
                                    + "; "
                                    + CONFIG
                                    + " asks for "
                                    + Arrays.toString(tensor.shape()));
                }
                System.arraycopy(
                        tensors.floats(tensor.name()), 0, flat, tensor.offset(), tensor.size());
            }
        }
        return flat;
    }

    private static void refuseChatTemplate(Path folder) {
        Path template = folder.resolve("chat_template.jinja");
        if (Files.exists(template)) {
            throw new ModelFolderException(template, "chat templates are not supported");
        }
        Path config = folder.resolve("tokenizer_config.json");
        if (!Files.exists(config)) {
            return;
        }
        try {
            JsonNode json = JSON.readTree(Files.readString(config));
            if (json.hasNonNull("chat_template")) {
                throw new ModelFolderException(
                        config, "key chat_template: chat templates are not supported");
            }
        } catch (IOException e) {
            throw new ModelFolderException(config, "is no readable JSON", e);
        }
    }

    private static void writeJson(Path file, ObjectNode json) {
        try {
            Files.writeString(
                    file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(file + ": cannot be put into JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }
}
