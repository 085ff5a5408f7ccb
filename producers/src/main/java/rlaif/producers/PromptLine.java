package rlaif.producers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import rlaif.models.ChatMessage;

/// What a line of a prompt file says: `{"id"?, "prompt", "category"?}`; other keys are passed over.
///
/// The prompt is a text, or a chat: a list of messages, kept as JSON.
sealed interface PromptLine {

    record Given(Optional<String> id, String text, Optional<String> category)
            implements PromptLine {}

    record Malformed(String reason) implements PromptLine {}

    record Blank() implements PromptLine {}

    JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    static PromptLine of(byte[] line) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
            String bare = text.startsWith("\uFEFF") ? text.substring(1) : text;
            return bare.isBlank() ? new Blank() : read(JSON.readTree(bare));
        } catch (CharacterCodingException e) {
            return new Malformed("not UTF-8");
        } catch (JsonProcessingException e) {
            return new Malformed("not one JSON object: " + e.getOriginalMessage());
        }
    }

    private static PromptLine read(JsonNode line) {
        if (!line.isObject()) {
            return new Malformed("not a JSON object but " + kind(line));
        }
        JsonNode id = line.path("id");
        if (!id.isMissingNode() && !id.isNull() && !id.isTextual() && !id.isIntegralNumber()) {
            return new Malformed("\"id\" must be a string or a whole number, is " + kind(id));
        }
        JsonNode prompt = line.path("prompt");
        String text = prompt.isArray() ? prompt.toString() : prompt.textValue();
        if (prompt.isArray() && ChatMessage.chat(text).isEmpty()) {
            return new Malformed(
                    "\"prompt\" is a list, but not of {\"role\": system, user or assistant, \"content\": a string}");
        }
        if (text == null) {
            return new Malformed("\"prompt\" must be a string, is " + kind(prompt));
        }
        JsonNode category = line.path("category");
        if (!category.isMissingNode() && !category.isNull() && !category.isTextual()) {
            return new Malformed("\"category\" must be a string, is " + kind(category));
        }
        return given(text(id), text, text(category));
    }

    private static PromptLine given(Optional<String> id, String prompt, Optional<String> category) {
        if (prompt.isBlank()) {
            return new Malformed("\"prompt\" is empty");
        }
        if (id.isPresent() && id.get().isEmpty()) {
            return new Malformed("\"id\" is empty");
        }
        if (!encodable(prompt) || !id.map(PromptLine::encodable).orElse(true)) {
            return new Malformed("holds half of a surrogate pair, which is no character");
        }
        return new Given(id, prompt, category);
    }

    private static boolean encodable(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static Optional<String> text(JsonNode value) {
        return value.isMissingNode() || value.isNull()
                ? Optional.empty()
                : Optional.of(value.asText());
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case MISSING -> "missing";
            case NULL -> "null";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case BINARY -> "bytes";
        };
    }
}
