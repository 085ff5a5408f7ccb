package rlaif.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What stands beside a `tokenizer.json`: the names of the tokens that begin, end and pad a text,
/// and the chat template.
///
/// @param begin `bos_token`, or null where none is named
/// @param end `eos_token`, or null
/// @param padding `pad_token`, or null
/// @param templateText Jinja, or null
/// @param templateFile where the template lies
record TokenizerConfig(
        @Nullable String begin,
        @Nullable String end,
        @Nullable String padding,
        @Nullable String templateText,
        Path templateFile) {

    /// Files that travel with a `tokenizer.json`, unchanged.
    static final List<String> FILES =
            List.of("tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja");

    private static final String CONFIG = FILES.get(0);
    private static final String NAMES = FILES.get(1);
    private static final String TEMPLATE = FILES.get(2);
    private static final String TEMPLATE_KEY = "chat_template";
    private static final long LARGEST_BYTES = 20_000_000;
    private static final long LARGEST_TEMPLATE_BYTES = 1_000_000;

    static TokenizerConfig read(Path folder) {
        ObjectNode config = readIfThere(folder.resolve(CONFIG));
        ObjectNode names = readIfThere(folder.resolve(NAMES));
        Path template = folder.resolve(TEMPLATE);
        boolean ownFile = Files.exists(template);
        return new TokenizerConfig(
                name("bos_token", config, names),
                name("eos_token", config, names),
                name("pad_token", config, names),
                ownFile ? text(template) : inConfig(folder.resolve(CONFIG), config),
                ownFile ? template : folder.resolve(CONFIG));
    }

    Optional<String> template() {
        return Optional.ofNullable(templateText);
    }

    private static ObjectNode readIfThere(Path file) {
        return Files.exists(file)
                ? JsonFile.read(file, LARGEST_BYTES)
                : JsonFile.JSON.createObjectNode();
    }

    /// A name is a string or an object that holds it as `content`.
    private static @Nullable String name(String key, ObjectNode config, ObjectNode names) {
        JsonNode node = config.hasNonNull(key) ? config.get(key) : names.path(key);
        JsonNode name = node.isObject() ? node.path("content") : node;
        return name.isTextual() ? name.textValue() : null;
    }

    /// A template is a string, or of several named ones the default.
    private static @Nullable String inConfig(Path file, ObjectNode config) {
        JsonNode node = config.path(TEMPLATE_KEY);
        if (node.isMissingNode() || node.isNull() || node.isTextual()) {
            return node.textValue();
        }
        for (JsonNode named : node) {
            if (named.path("name").asText().equals("default")
                    && named.path("template").isTextual()) {
                return named.path("template").textValue();
            }
        }
        throw new ModelFolderException(
                file, "key " + TEMPLATE_KEY + " is neither a text nor a list with a default");
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > LARGEST_TEMPLATE_BYTES) {
                throw new ModelFolderException(
                        file, "is larger than " + LARGEST_TEMPLATE_BYTES + " bytes");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new ModelFolderException(file, "cannot be read", e);
        }
    }
}
