package rlaif.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;

/// The rotary positions of a `config.json`: `rope_theta` and `rope_scaling`, or both together as
/// `rope_parameters`.
///
/// @param theta base of the angles
record RopeSettings(double theta, RopeScaling scaling) {

    private static final double DEFAULT_THETA = 10_000; // Transformers' default

    static RopeSettings read(Path file, ObjectNode json) {
        String key = json.hasNonNull("rope_parameters") ? "rope_parameters" : "rope_scaling";
        JsonNode rope = json.path(key);
        if (!rope.isObject() && !rope.isMissingNode() && !rope.isNull()) {
            throw ModelFolderException.ofKey(file, key, rope, "an object is needed");
        }
        JsonNode theta =
                rope.hasNonNull("rope_theta") ? rope.get("rope_theta") : json.path("rope_theta");
        if (!theta.isNumber() && !theta.isMissingNode() && !theta.isNull()) {
            throw ModelFolderException.ofKey(file, "rope_theta", theta, "a number is needed");
        }
        JsonNode rotated = rope.path("partial_rotary_factor");
        if (rotated.asDouble(1) != 1) {
            throw ModelFolderException.ofKey(
                    file, key + ".partial_rotary_factor", rotated, "whole heads are rotated here");
        }
        return new RopeSettings(
                theta.asDouble(DEFAULT_THETA), new Scaling(file, key, rope).scaling());
    }

    /// Reads the object key by key.
    private record Scaling(Path file, String key, JsonNode rope) {

        RopeScaling scaling() {
            if (!rope.isObject() || rope.isEmpty()) {
                return new RopeScaling.None();
            }
            String typeKey = rope.hasNonNull("rope_type") ? "rope_type" : "type"; // the old name
            JsonNode type = rope.path(typeKey);
            return switch (type.asText()) {
                case "default" -> new RopeScaling.None();
                case "linear" -> new RopeScaling.Linear(number("factor"));
                case "llama3" ->
                        new RopeScaling.Llama3(
                                number("factor"),
                                number("low_freq_factor"),
                                number("high_freq_factor"),
                                (int) number("original_max_position_embeddings"));
                default ->
                        throw ModelFolderException.ofKey(
                                file,
                                key + "." + typeKey,
                                type,
                                "llama3, linear and default are supported");
            };
        }

        private double number(String name) {
            JsonNode value = rope.path(name);
            if (!value.isNumber()) {
                throw ModelFolderException.ofKey(
                        file, key + "." + name, value, "a number is needed");
            }
            return value.doubleValue();
        }
    }
}
