package rlaif.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What a `tokenizer.json` says of how a text becomes token ids and back, in whatever form a
/// program wrote it; how a text is cut or a batch filled up is no part of it.
///
/// @param parts by key; an absent one is not there
record TokenizerRules(Map<String, JsonNode> parts) {

    private static final long LARGEST_BYTES = 200_000_000;
    private static final String MODEL = "model";
    private static final String MERGES = "merges";
    private static final List<String> KEYS =
            List.of(
                    MODEL,
                    "added_tokens",
                    "normalizer",
                    "pre_tokenizer",
                    "post_processor",
                    "decoder");

    static TokenizerRules read(Path file) {
        ObjectNode json = JsonFile.read(file, LARGEST_BYTES);
        Map<String, JsonNode> parts = new LinkedHashMap<>();
        for (String key : KEYS) {
            if (json.hasNonNull(key)) {
                parts.put(key, json.get(key));
            }
        }
        if (parts.get(MODEL) instanceof ObjectNode model) {
            model.properties().removeIf(entry -> isDefault(entry.getValue()));
            if (model.get(MERGES) instanceof ArrayNode merges) {
                model.set(MERGES, joined(merges));
            }
        }
        return new TokenizerRules(parts);
    }

    /// The keys whose parts are not the same.
    List<String> differences(TokenizerRules other) {
        return KEYS.stream()
                .filter(key -> !Objects.equals(parts.get(key), other.parts.get(key)))
                .toList();
    }

    /// What a model's settings are where they are left out.
    private static boolean isDefault(JsonNode setting) {
        return setting.isNull()
                || (setting.isBoolean() && !setting.booleanValue())
                || (setting.isTextual() && setting.textValue().isEmpty());
    }

    /// Merges are written `"a b"` or, where a token may hold a blank, `["a", "b"]`.
    private static ArrayNode joined(ArrayNode merges) {
        ArrayNode joined = JsonFile.JSON.createArrayNode();
        for (JsonNode merge : merges) {
            joined.add(
                    merge.isArray()
                            ? merge.path(0).asText() + '\0' + merge.path(1).asText()
                            : merge.asText().replaceFirst(" ", "\0"));
        }
        return joined;
    }
}
