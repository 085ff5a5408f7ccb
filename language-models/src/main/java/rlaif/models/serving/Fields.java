package rlaif.models.serving;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The fields of a request's JSON object, each read as what it must be; null counts as absent.
final class Fields {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final JsonNode json;

    private Fields(JsonNode json) {
        this.json = json;
    }

    /// @param known every field that is read or may be given in vain
    static Fields read(byte[] body, Set<String> known) {
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw RefusedCallException.invalid(
                    400,
                    "",
                    "invalid_json",
                    "the body is not valid JSON: line %d, column %d: %s"
                            .formatted(
                                    e.getLocation().getLineNr(),
                                    e.getLocation().getColumnNr(),
                                    e.getOriginalMessage()
                                            .replaceFirst("(?s) \\(start marker.*", "")));
        } catch (java.io.IOException e) {
            throw RefusedCallException.invalid(
                    400, "", "invalid_json", "the body is not JSON in UTF-8: " + e.getMessage());
        }
        if (!json.isObject()) {
            throw RefusedCallException.invalid(
                    400, "", "invalid_json", "the body is not a JSON object");
        }
        json.fieldNames()
                .forEachRemaining(name -> {
                    if (!known.contains(name)) {
                        throw RefusedCallException.invalid(
                                400,
                                name.length() > 64 ? name.substring(0, 64) : name,
                                "unsupported_parameter",
                                "this server does not know the field '%s'; it takes %s"
                                        .formatted(
                                                name.length() > 64 ? name.substring(0, 64) : name,
                                                known.stream().sorted().toList()));
                    }
                });
        return new Fields(json);
    }

    boolean has(String name) {
        return json.hasNonNull(name);
    }

    JsonNode node(String name) {
        return json.path(name);
    }

    Optional<String> text(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        if (!node(name).isTextual()) {
            throw RefusedCallException.field(name, name + " must be a string");
        }
        return Optional.of(node(name).textValue());
    }

    boolean flag(String name) {
        if (!has(name)) {
            return false;
        }
        if (!node(name).isBoolean()) {
            throw RefusedCallException.field(name, name + " must be true or false");
        }
        return node(name).booleanValue();
    }

    OptionalLong whole(String name, long least, long most) {
        if (!has(name)) {
            return OptionalLong.empty();
        }
        JsonNode value = node(name);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            throw RefusedCallException.field(
                    name,
                    "%s is %s; it must be a whole number from %d to %d"
                            .formatted(name, shown(value), least, most));
        }
        return OptionalLong.of(value.longValue());
    }

    double number(String name, double least, double most, double absent) {
        if (!has(name)) {
            return absent;
        }
        JsonNode value = node(name);
        if (!value.isNumber() || !(value.doubleValue() >= least && value.doubleValue() <= most)) {
            throw RefusedCallException.field(
                    name,
                    "%s is %s; it must be a number from %s to %s"
                            .formatted(name, shown(value), least, most));
        }
        return value.doubleValue();
    }

    /// A string, or a list of at most `most` of them.
    List<String> texts(String name, int most) {
        if (!has(name)) {
            return List.of();
        }
        JsonNode value = node(name);
        List<String> texts = new ArrayList<>();
        for (JsonNode text : value.isArray() ? value : List.of(value)) {
            if (!text.isTextual() || text.textValue().isEmpty()) {
                throw RefusedCallException.field(
                        name, name + " must be a string that is not empty, or a list of them");
            }
            texts.add(text.textValue());
        }
        if (texts.size() > most) {
            throw RefusedCallException.field(name, name + " takes " + most + " strings at most");
        }
        return texts;
    }

    /// Refuses a field that would change the answer in a way this server cannot; `neutral` changes
    /// nothing.
    void requireOnly(String name, JsonNode neutral) {
        boolean empty = node(name).isContainerNode() && node(name).isEmpty();
        if (!has(name) || empty || node(name).equals(neutral)) {
            return;
        }
        if (node(name).isNumber()
                && neutral.isNumber()
                && node(name).doubleValue() == neutral.doubleValue()) {
            return;
        }
        throw RefusedCallException.invalid(
                400,
                name,
                "unsupported_parameter",
                "%s is not supported here: leave it away%s"
                        .formatted(name, neutral.isNull() ? "" : ", or give " + neutral));
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() > 40 ? text.substring(0, 40) + "..." : text;
    }
}
