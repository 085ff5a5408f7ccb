package rlaif.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The `config.json` of a model folder: shape and head, with every feature refused by name that
/// would change the arithmetic.
record ModelConfig(ModelShape shape, Head head) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HEAD_KEY = "rlaif_head";
    private static final String ARCHITECTURE = "LlamaForCausalLM";
    private static final long LARGEST_BYTES = 1_000_000;

    static ModelConfig read(Path file) {
        return new Reader(file).config();
    }

    /// The same as JSON, as Transformers reads it.
    ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        json.putArray("architectures").add(ARCHITECTURE);
        json.put("model_type", "llama");
        json.put("vocab_size", shape.vocabularySize());
        json.put("hidden_size", shape.width());
        json.put("num_hidden_layers", shape.layers());
        json.put("num_attention_heads", shape.heads());
        json.put("num_key_value_heads", shape.keyValueHeads());
        json.put("head_dim", shape.headWidth());
        json.put("intermediate_size", shape.feedForwardWidth());
        json.put("max_position_embeddings", shape.maxPositions());
        json.put("rope_theta", shape.ropeTheta());
        json.put("rms_norm_eps", shape.rmsNormEpsilon());
        json.put("hidden_act", "silu");
        json.put("attention_bias", false);
        json.put("mlp_bias", false);
        json.put("tie_word_embeddings", true);
        json.put("eos_token_id", shape.endTokenId());
        json.put("pad_token_id", shape.padTokenId());
        json.put("torch_dtype", "float32");
        if (head == Head.SCALAR) {
            json.put(HEAD_KEY, "scalar");
        }
        return json;
    }

    /// Reads one file key by key; every refusal names file and key.
    private static final class Reader {

        private final Path file;
        private final JsonNode json;

        Reader(Path file) {
            this.file = file;
            this.json = parse(file);
        }

        ModelConfig config() {
            refuseWhatIsNotSupported();
            int width = integer("hidden_size");
            int heads = integer("num_attention_heads");
            int end = endToken();
            try {
                ModelShape shape =
                        new ModelShape(
                                integer("vocab_size"),
                                width,
                                integer("num_hidden_layers"),
                                heads,
                                json.hasNonNull("num_key_value_heads")
                                        ? integer("num_key_value_heads")
                                        : heads,
                                json.hasNonNull("head_dim")
                                        ? integer("head_dim")
                                        : headWidth(width, heads),
                                integer("intermediate_size"),
                                integer("max_position_embeddings"),
                                number("rope_theta", 10_000), // Transformers' default
                                number("rms_norm_eps", 1e-6),
                                end,
                                json.hasNonNull("pad_token_id")
                                        ? integer("pad_token_id")
                                        : unusedAsEnd(end));
                return new ModelConfig(shape, head());
            } catch (IllegalArgumentException e) {
                throw new ModelFolderException(
                        file, "describes no usable shape: " + e.getMessage(), e);
            }
        }

        private void refuseWhatIsNotSupported() {
            JsonNode architecture = json.path("architectures").path(0);
            if (!architecture.asText(ARCHITECTURE).equals(ARCHITECTURE)) {
                refuse("architectures", architecture, "only " + ARCHITECTURE + " is supported");
            }
            if (!json.path("model_type").asText("").equals("llama")) {
                refuse("model_type", json.path("model_type"), "only llama is supported");
            }
            if (!json.path("tie_word_embeddings").asBoolean(false)) {
                refuse(
                        "tie_word_embeddings",
                        json.path("tie_word_embeddings"),
                        "untied embeddings are not supported");
            }
            if (!json.path("hidden_act").asText("silu").equals("silu")) {
                refuse("hidden_act", json.path("hidden_act"), "only silu is supported");
            }
            for (String key :
                    new String[] {"rope_scaling", "sliding_window", "quantization_config"}) {
                if (json.hasNonNull(key)) {
                    refuse(key, json.get(key), "this is not supported");
                }
            }
            for (String key : new String[] {"attention_bias", "mlp_bias"}) {
                if (json.path(key).asBoolean(false)) {
                    refuse(key, json.get(key), "biases are not supported");
                }
            }
        }

        private void refuse(String key, JsonNode value, String why) {
            throw new ModelFolderException(
                    file,
                    "key "
                            + key
                            + " is "
                            + (value.isMissingNode() ? "missing" : value)
                            + "; "
                            + why);
        }

        private Head head() {
            if (!json.hasNonNull(HEAD_KEY)) {
                return Head.LANGUAGE_MODEL;
            }
            if (!json.get(HEAD_KEY).asText().equals("scalar")) {
                refuse(HEAD_KEY, json.get(HEAD_KEY), "only scalar is known");
            }
            return Head.SCALAR;
        }

        private int endToken() {
            JsonNode end = json.path("eos_token_id");
            if (end.isArray() && end.size() == 1) {
                end = end.get(0);
            }
            if (!end.isInt()) {
                refuse("eos_token_id", end, "one token id is needed");
            }
            return end.intValue();
        }

        /// Padding is never read, so any token but the end token serves where a folder names none.
        private static int unusedAsEnd(int end) {
            return end == 0 ? 1 : 0;
        }

        private int headWidth(int width, int heads) {
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

        private int integer(String key) {
            JsonNode value = json.path(key);
            if (!value.isInt()) {
                refuse(key, value, "an integer is needed");
            }
            return value.intValue();
        }

        private double number(String key, double absent) {
            JsonNode value = json.path(key);
            if (value.isMissingNode() || value.isNull()) {
                return absent;
            }
            if (!value.isNumber()) {
                refuse(key, value, "a number is needed");
            }
            return value.doubleValue();
        }

        private static JsonNode parse(Path file) {
            try {
                if (Files.size(file) > LARGEST_BYTES) {
                    throw new ModelFolderException(
                            file, "is larger than " + LARGEST_BYTES + " bytes");
                }
                JsonNode json = JSON.readTree(Files.readString(file));
                if (!json.isObject()) {
                    throw new ModelFolderException(file, "is no JSON object");
                }
                return json;
            } catch (JsonProcessingException e) {
                throw new ModelFolderException(file, "is no JSON: " + e.getOriginalMessage(), e);
            } catch (IOException e) {
                throw new ModelFolderException(file, "is missing or cannot be read", e);
            }
        }
    }
}
