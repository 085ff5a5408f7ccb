package rlaif.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How a person's words become a prompt of a policy: a text with one `{}`, from the checkpoint's
/// manifest.
record PromptFormat(String text) {
    private static final String PLACE = "{}";

    PromptFormat {
        if (!text.contains(PLACE)) {
            throw new IllegalArgumentException("prompt format '" + text + "' has no {}");
        }
    }

    /// The format that a checkpoint was trained with; a foreign folder takes the words as they are.
    static PromptFormat of(Path folder) throws IOException {
        Path manifest = folder.resolve("manifest.json");
        if (Files.isRegularFile(manifest)) {
            JsonNode format =
                    new ObjectMapper().readTree(manifest.toFile()).findValue("promptFormat");
            if (format != null && format.isTextual()) {
                return new PromptFormat(format.asText());
            }
        }
        return new PromptFormat(PLACE);
    }

    /// Words that already have the format are left alone.
    String apply(String words) {
        String before = text.substring(0, text.indexOf(PLACE)).strip();
        return !before.isEmpty() && words.startsWith(before) ? words : text.replace(PLACE, words);
    }
}
