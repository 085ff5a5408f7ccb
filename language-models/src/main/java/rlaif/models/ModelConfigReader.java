package rlaif.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a folder's `config.json` key by key. What would change the arithmetic and is not computed
/// here is refused; every refusal names file, key and value.
final class ModelConfigReader {

    static final long LARGEST_BYTES = 1_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(ModelConfigReader.class);
    private static final int QWEN3_HEAD_WIDTH = 128; // Transformers' default

    /// Keys that may be there, but only without a value or with this one.
    private record Fixed(String key, String value, String why) {}

    private static final List<Fixed> FIXED =
            List.of(
                    new Fixed("quantization_config", "", "quantized weights are not supported"),
                    new Fixed("auto_map", "", "code of a model folder is never run"),
                    new Fixed("use_sliding_window", "false", "sliding windows are not supported"),
                    new Fixed("partial_rotary_factor", "1.0", "whole heads are rotated here"),
                    new Fixed("num_experts", "0", "mixtures of experts are not supported"),
                    new Fixed("num_local_experts", "0", "mixtures of experts are not supported"),
                    new Fixed("n_routed_experts", "0", "mixtures of experts are not supported"),
                    new Fixed("moe_intermediate_size", "", "mixtures of experts are not supported"),
                    new Fixed("num_experts_per_tok", "", "mixtures of experts are not supported"));

    private final Path folder;
    private final Path file;
    private final ObjectNode json;
    private final Optional<Vocabulary> vocabulary;

    ModelConfigReader(Path folder, Optional<Vocabulary> vocabulary) {
        this.folder = folder;
        this.file = folder.resolve(ModelFolder.CONFIG);
        this.json = JsonFile.read(file, LARGEST_BYTES);
        this.vocabulary = vocabulary;
    }

    ModelConfig config() {
        Architecture architecture = architecture();
        Head head = head(architecture);
        refuseWhatIsNotSupported(architecture);
        int vocabularySize = integer("vocab_size");
        FolderTokens tokens = FolderTokens.read(folder, json, vocabulary);
        tokens.standIn().ifPresent(standIn -> LOG.warn("{}", standIn.text()));
        try {
            RopeSettings rope = RopeSettings.read(file, json);
            int width = integer("hidden_size");
            int heads = integer("num_attention_heads");
            ModelShape shape =
                    new ModelShape(
                            vocabularySize,
                            width,
                            integer("num_hidden_layers"),
                            heads,
                            keyValueHeads(architecture, heads),
                            headWidth(architecture, width, heads),
                            integer("intermediate_size"),
                            integer("max_position_embeddings"),
                            rope.theta(),
                            number("rms_norm_eps", 1e-6),
                            tokens.end(),
                            tokens.padding(),
                            tokens.otherEnds(),
                            variant(architecture, rope.scaling()));
            return new ModelConfig(shape, head);
        } catch (IllegalArgumentException e) {
            throw new ModelFolderException(file, "describes no usable shape: " + e.getMessage(), e);
        }
    }

    private Architecture architecture() {
        JsonNode type = json.path("model_type");
        return Architecture.of(type.asText())
                .orElseThrow(() ->
                        refused(
                                "model_type",
                                type,
                                (isMixture(type.asText())
                                                ? "mixtures of experts are not supported; "
                                                : "")
                                        + "llama, qwen2 and qwen3 are supported; the nearest is "
                                        + Architecture.nearest(type.asText()).modelType()));
    }

    private static boolean isMixture(String type) {
        return type.contains("moe") || type.equals("mixtral");
    }

    private Head head(Architecture architecture) {
        JsonNode name = json.path("architectures").path(0);
        String causal = architecture.className(Head.LANGUAGE_MODEL);
        String classification = architecture.className(Head.SCALAR);
        if (!name.isMissingNode()
                && !name.asText().equals(causal)
                && !name.asText().equals(classification)) {
            throw refused(
                    "architectures",
                    name,
                    "of this model_type " + causal + " and " + classification + " are supported");
        }
        JsonNode own = json.path(ModelConfig.HEAD_KEY);
        if (!own.isMissingNode() && !own.isNull() && !own.asText().equals("scalar")) {
            throw refused(ModelConfig.HEAD_KEY, own, "only scalar is known");
        }
        return own.isTextual() || name.asText().equals(classification)
                ? Head.SCALAR
                : Head.LANGUAGE_MODEL;
    }

    private void refuseWhatIsNotSupported(Architecture architecture) {
        for (Fixed fixed : FIXED) {
            if (json.hasNonNull(fixed.key()) && !isFixed(json.get(fixed.key()), fixed.value())) {
                throw refused(fixed.key(), json.get(fixed.key()), fixed.why());
            }
        }
        if (architecture == Architecture.LLAMA && json.hasNonNull("sliding_window")) {
            throw refused(
                    "sliding_window", json.get("sliding_window"), "windows are not supported");
        }
        for (JsonNode layer : json.path("layer_types")) {
            if (!layer.asText().equals("full_attention")) {
                throw refused("layer_types", layer, "only full_attention is supported");
            }
        }
        JsonNode activation = json.path("hidden_act");
        if (!activation.asText("silu").equals("silu")) {
            throw refused("hidden_act", activation, "only silu is supported");
        }
    }

    /// Whether a value is the one that changes nothing.
    private static boolean isFixed(JsonNode value, String neutral) {
        return value.isNumber()
                ? neutral.matches("[0-9.]+") && value.asDouble() == Double.parseDouble(neutral)
                : value.asText().equals(neutral) && value.isBoolean();
    }

    private ModelVariant variant(Architecture architecture, RopeScaling scaling) {
        return new ModelVariant(
                architecture,
                flag("tie_word_embeddings"),
                architecture != Architecture.QWEN2 && flag("attention_bias"),
                architecture == Architecture.LLAMA && flag("mlp_bias"),
                scaling);
    }

    private int keyValueHeads(Architecture architecture, int heads) {
        boolean ofEachHead =
                architecture == Architecture.LLAMA && !json.hasNonNull("num_key_value_heads");
        return ofEachHead ? heads : integer("num_key_value_heads");
    }

    private int headWidth(Architecture architecture, int width, int heads) {
        if (json.hasNonNull("head_dim")) {
            return integer("head_dim");
        }
        if (architecture == Architecture.QWEN3) {
            return QWEN3_HEAD_WIDTH;
        }
        if (heads < 1 || width % heads != 0) {
            throw new ModelFolderException(
                    file,
                    "key head_dim is missing and hidden_size "
                            + width
                            + " is no multiple of "
                            + heads
                            + " heads");
        }
        return width / heads;
    }

    private boolean flag(String key) {
        JsonNode value = json.path(key);
        if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
            throw refused(key, value, "true or false is needed");
        }
        return value.asBoolean(false);
    }

    private int integer(String key) {
        JsonNode value = json.path(key);
        if (!value.isInt()) {
            throw refused(key, value, "an integer is needed");
        }
        return value.intValue();
    }

    private double number(String key, double absent) {
        JsonNode value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isNumber()) {
            throw refused(key, value, "a number is needed");
        }
        return value.doubleValue();
    }

    private ModelFolderException refused(String key, JsonNode value, String why) {
        return ModelFolderException.ofKey(file, key, value, why);
    }
}
