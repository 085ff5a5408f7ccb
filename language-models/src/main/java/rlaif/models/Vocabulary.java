package rlaif.models;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tokens of a `tokenizer.json` by their texts, read without building a tokenizer.
final class Vocabulary {

    private final Map<String, Integer> ids = new HashMap<>(); // of texts of the model
    private final Map<String, Integer> special = new LinkedHashMap<>(); // in the file's order
    private final Set<String> decoders = new HashSet<>();
    private int largest = -1;
    private @Nullable String unknownText;
    private int unknownId = -1;

    private Vocabulary() {}

    static Vocabulary read(Path file) {
        Vocabulary vocabulary = new Vocabulary();
        try (JsonParser json = JsonFile.JSON.createParser(file.toFile())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new ModelFolderException(file, "is no JSON object");
            }
            boolean model = false;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                json.nextToken();
                switch (key) {
                    case "added_tokens" -> vocabulary.readAdded(json);
                    case "decoder" -> vocabulary.readDecoder(JsonFile.JSON.readTree(json));
                    case "model" -> model = vocabulary.readModel(json);
                    default -> json.skipChildren();
                }
            }
            if (!model) {
                throw new ModelFolderException(file, "key model.vocab is missing");
            }
        } catch (JsonProcessingException e) {
            throw new ModelFolderException(file, "is no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ModelFolderException(file, "is missing or cannot be read", e);
        }
        return vocabulary;
    }

    /// One more than the largest id.
    int size() {
        return largest + 1;
    }

    OptionalInt id(@Nullable String text) {
        Integer id = text == null ? null : ids.get(text);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /// Ids of the tokens that are no text (ends, turns, padding) by their names, in the file's
    /// order.
    Map<String, Integer> special() {
        return special;
    }

    /// Stands for whatever is not in the vocabulary; empty: everything is.
    OptionalInt unknown() {
        return unknownId >= 0 ? OptionalInt.of(unknownId) : id(unknownText);
    }

    /// The kinds of the steps that make a text of tokens.
    Set<String> decoders() {
        return decoders;
    }

    /// Ids by the texts of tokens, as the file writes them.
    Map<String, Integer> texts() {
        return ids;
    }

    private void readDecoder(JsonNode decoder) {
        decoders.add(decoder.path("type").asText());
        decoder.path("decoders").forEach(step -> decoders.add(step.path("type").asText()));
    }

    private void readAdded(JsonParser json) throws IOException {
        JsonNode tokens = JsonFile.JSON.readTree(json);
        for (JsonNode added : tokens) {
            String text = added.path("content").asText();
            int id = added.path("id").asInt(-1);
            add(text, id);
            if (added.path("special").asBoolean(false)) {
                special.put(text, id);
            }
        }
    }

    private boolean readModel(JsonParser json) throws IOException {
        boolean found = false;
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return false;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            JsonToken value = json.nextToken();
            if (key.equals("vocab") && value.isStructStart()) {
                found = true;
                if (value == JsonToken.START_OBJECT) {
                    readIds(json);
                } else {
                    readList(json);
                }
            } else if (key.equals("unk_token") && value == JsonToken.VALUE_STRING) {
                unknownText = json.getText();
            } else if (key.equals("unk_id") && value == JsonToken.VALUE_NUMBER_INT) {
                unknownId = json.getIntValue();
            } else {
                json.skipChildren();
            }
        }
        return found;
    }

    /// `{"text": id}`
    private void readIds(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String text = json.currentName();
            json.nextToken();
            add(text, json.getIntValue());
        }
    }

    /// `[["text", logprob]]`, numbered from 0
    private void readList(JsonParser json) throws IOException {
        int id = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            JsonNode entry = JsonFile.JSON.readTree(json);
            add(entry.path(0).asText(), id++);
        }
    }

    private void add(String text, int id) {
        ids.putIfAbsent(text, id);
        largest = Math.max(largest, id);
    }
}
