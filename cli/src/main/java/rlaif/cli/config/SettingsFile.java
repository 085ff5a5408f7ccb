package rlaif.cli.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// A YAML file of settings, flattened to dotted names.
final class SettingsFile {
    private SettingsFile() {}

    static Map<String, String> read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException(
                    "no settings file " + file.toAbsolutePath() + ": name an existing one");
        }
        try {
            JsonNode root = new YAMLMapper().readTree(Files.readString(file));
            Map<String, String> settings = new LinkedHashMap<>();
            if (root.isObject()) {
                flatten("", root, settings);
            } else if (!root.isMissingNode() && !root.isNull()) {
                throw new ConfigurationException(file + " is not a YAML mapping of settings");
            }
            return settings;
        } catch (JacksonException malformed) {
            var where = malformed.getLocation();
            throw new ConfigurationException(
                    file
                            + " line "
                            + (where == null ? "?" : where.getLineNr())
                            + ": "
                            + malformed
                                    .getOriginalMessage()
                                    .lines()
                                    .findFirst()
                                    .orElse("malformed YAML"));
        } catch (IOException unreadable) {
            throw new ConfigurationException(
                    "cannot read " + file + ": " + unreadable.getMessage());
        }
    }

    private static void flatten(String above, JsonNode node, Map<String, String> into) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String name = above.isEmpty() ? entry.getKey() : above + "." + entry.getKey();
            JsonNode value = entry.getValue();
            if (value.isObject()) {
                flatten(name, value, into);
            } else if (value.isArray()) {
                throw new ConfigurationException(name + " is a list, and no setting takes one");
            } else {
                into.put(name, value.isNull() ? "" : value.asText());
            }
        }
    }
}
