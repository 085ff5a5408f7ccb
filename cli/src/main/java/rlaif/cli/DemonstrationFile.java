package rlaif.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.trainers.Demonstration;
import rlaif.trainers.Demonstrations;

/// Demonstrations in a JSONL file, one object with `prompt` and `completion` a line.
///
/// @param key by which the file is configured, for messages
record DemonstrationFile(Key key, Path file) implements Demonstrations {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public Iterator<Demonstration> iterator() {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException unreadable) {
            throw new ConfigurationException(
                    "%s %s cannot be read as UTF-8 text: %s"
                            .formatted(key.key(), file.toAbsolutePath(), unreadable));
        }
        List<Demonstration> demonstrations = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                demonstrations.add(demonstration(i + 1, lines.get(i)));
            }
        }
        return demonstrations.iterator();
    }

    private Demonstration demonstration(int line, String text) {
        JsonNode object;
        try {
            object = JSON.readTree(text);
        } catch (JsonProcessingException broken) {
            throw wrong(line, "it is no JSON object");
        }
        JsonNode prompt = object.path("prompt");
        JsonNode completion = object.path("completion");
        if (!prompt.isTextual() || !completion.isTextual()) {
            throw wrong(line, "it needs the texts \"prompt\" and \"completion\"");
        }
        try {
            return new Demonstration(prompt.textValue(), completion.textValue());
        } catch (IllegalArgumentException empty) {
            throw wrong(line, String.valueOf(empty.getMessage()));
        }
    }

    private ConfigurationException wrong(int line, String why) {
        return new ConfigurationException(
                "%s %s, line %d: %s".formatted(key.key(), file.toAbsolutePath(), line, why));
    }
}
