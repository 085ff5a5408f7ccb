package rlaif.models;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/// The tokens of a `tokenizer.json` that stand for no text of their own.
///
/// @param unknown stands for whatever is not in the vocabulary; empty: everything is
/// @param special ends, turns, padding
record ReservedTokens(OptionalInt unknown, Set<Integer> special) {
    ReservedTokens {
        special = Set.copyOf(special);
    }

    static ReservedTokens of(JsonNode tokenizer) {
        Set<Integer> special = new HashSet<>();
        for (JsonNode added : tokenizer.path("added_tokens")) {
            if (added.path("special").asBoolean(false)) {
                special.add(added.path("id").asInt());
            }
        }
        return new ReservedTokens(unknown(tokenizer), special);
    }

    private static OptionalInt unknown(JsonNode tokenizer) {
        JsonNode model = tokenizer.path("model");
        if (model.path("unk_id").isInt()) {
            return OptionalInt.of(model.path("unk_id").asInt());
        }
        String word = model.path("unk_token").asText("");
        if (word.isEmpty() || model.path("unk_token").isNull()) {
            return OptionalInt.empty();
        }
        for (JsonNode added : tokenizer.path("added_tokens")) {
            if (added.path("content").asText().equals(word)) {
                return OptionalInt.of(added.path("id").asInt());
            }
        }
        JsonNode id = model.path("vocab").path(word);
        return id.isInt() ? OptionalInt.of(id.asInt()) : OptionalInt.empty();
    }
}
