package rlaif.models;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/// The `config.json` of a model folder: shape and head.
record ModelConfig(ModelShape shape, Head head) {

    static final String HEAD_KEY = "rlaif_head";

    /// Reads the folder's `config.json`, and what its other files say about end and padding.
    ///
    /// @param vocabulary of the folder's tokenizer, if it has one
    static ModelConfig read(Path folder, Optional<Vocabulary> vocabulary) {
        return new ModelConfigReader(folder, vocabulary).config();
    }

    /// The same as JSON, as Transformers reads it: the keys that its class for this architecture
    /// knows.
    ObjectNode json(WeightType type, OptionalInt beginTokenId) {
        ModelVariant variant = shape.variant();
        ObjectNode json = JsonFile.JSON.createObjectNode();
        json.putArray("architectures").add(variant.architecture().className(head));
        json.put("model_type", variant.architecture().modelType());
        json.put("vocab_size", shape.vocabularySize());
        json.put("hidden_size", shape.width());
        json.put("num_hidden_layers", shape.layers());
        json.put("num_attention_heads", shape.heads());
        json.put("num_key_value_heads", shape.keyValueHeads());
        json.put("head_dim", shape.headWidth());
        json.put("intermediate_size", shape.feedForwardWidth());
        json.put("max_position_embeddings", shape.maxPositions());
        json.put("rope_theta", shape.ropeTheta());
        putScaling(json, variant.ropeScaling());
        json.put("rms_norm_eps", shape.rmsNormEpsilon());
        json.put("hidden_act", "silu");
        switch (variant.architecture()) {
            case LLAMA -> {
                json.put("attention_bias", variant.attentionBias());
                json.put("mlp_bias", variant.feedForwardBias());
            }
            case QWEN2 -> json.put("use_sliding_window", false);
            case QWEN3 -> {
                json.put("attention_bias", variant.attentionBias());
                json.put("use_sliding_window", false);
            }
        }
        json.put("tie_word_embeddings", variant.tiedHead());
        putTokens(json, shape, beginTokenId);
        json.put("torch_dtype", type.torchName());
        if (head == Head.SCALAR) {
            json.putObject("id2label").put("0", "LABEL_0"); // one label: Transformers' num_labels
            json.putObject("label2id").put("LABEL_0", 0);
            json.put(HEAD_KEY, "scalar");
        }
        return json;
    }

    /// The tokens that begin, end and pad a text.
    static void putTokens(ObjectNode json, ModelShape shape, OptionalInt beginTokenId) {
        beginTokenId.ifPresent(begin -> json.put("bos_token_id", begin));
        if (shape.otherEndTokenIds().isEmpty()) {
            json.put("eos_token_id", shape.endTokenId());
        } else {
            ArrayNode ends = json.putArray("eos_token_id").add(shape.endTokenId());
            shape.otherEndTokenIds().forEach(ends::add);
        }
        json.put("pad_token_id", shape.padTokenId());
    }

    private static void putScaling(ObjectNode json, RopeScaling scaling) {
        switch (scaling) {
            case RopeScaling.None _ -> {}
            case RopeScaling.Linear(double factor) ->
                    json.putObject("rope_scaling").put("rope_type", "linear").put("factor", factor);
            case RopeScaling.Llama3(double factor, double low, double high, int original) ->
                    json.putObject("rope_scaling")
                            .put("rope_type", "llama3")
                            .put("factor", factor)
                            .put("low_freq_factor", low)
                            .put("high_freq_factor", high)
                            .put("original_max_position_embeddings", original);
        }
    }
}
