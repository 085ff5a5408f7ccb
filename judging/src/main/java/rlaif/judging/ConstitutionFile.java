package rlaif.judging;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The YAML document of a constitution: `id`, `version`, `description`, and `principles`, each with
/// `id`, `weight` (1 where absent), `compare`, `critique` and `revise`.
public final class ConstitutionFile {
    private static final ObjectMapper YAML =
            new ObjectMapper(
                            YAMLFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
                                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Set<String> KEYS = Set.of("id", "version", "description", "principles");
    private static final Set<String> PRINCIPLE_KEYS =
            Set.of("id", "weight", "compare", "critique", "revise");

    private ConstitutionFile() {}

    /// Reads a file.
    public static Constitution read(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (NoSuchFileException e) {
            throw new ConstitutionException(file + ": no such file", e);
        } catch (IOException e) {
            throw new ConstitutionException(file + ": cannot be read as UTF-8 text: " + e, e);
        }
    }

    static Constitution resource(String name) {
        try (var stream = ConstitutionFile.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + name + " is missing from the jar");
            }
            return parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8), name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads a document; `origin` is named in every error.
    public static Constitution parse(String yaml, String origin) {
        try {
            JsonNode document = YAML.readTree(yaml);
            if (!document.isObject()) {
                throw new ConstitutionException("not a YAML mapping");
            }
            refuseOthers(document, KEYS, "the constitution");
            JsonNode principles = present(document, "principles", "the constitution");
            if (!principles.isArray()) {
                throw new ConstitutionException("'principles' must be a list");
            }
            List<Principle> read = new ArrayList<>();
            for (JsonNode principle : principles) {
                read.add(principle(principle, read.size() + 1));
            }
            JsonNode version = present(document, "version", "the constitution");
            if (!version.isInt()) {
                throw new ConstitutionException("'version' must be a whole number from 1");
            }
            return new Constitution(
                    text(document, "id", "the constitution"),
                    version.intValue(),
                    text(document, "description", "the constitution"),
                    read);
        } catch (JsonProcessingException e) {
            throw new ConstitutionException(origin + ": not valid YAML" + where(e), e);
        } catch (ConstitutionException e) {
            throw new ConstitutionException(origin + ": " + e.getMessage(), e);
        }
    }

    private static String where(JsonProcessingException unreadable) {
        JsonLocation place = unreadable.getLocation();
        String said = unreadable.getOriginalMessage().lines().findFirst().orElse("");
        return place == null
                ? ": " + said
                : ", line %d, column %d: %s"
                        .formatted(place.getLineNr(), place.getColumnNr(), said);
    }

    /// A constitution with all that it says, by the names that its files have.
    public static ObjectNode document(Constitution constitution) {
        ObjectNode document = YAML.createObjectNode();
        document.put("id", constitution.id());
        document.put("version", constitution.version());
        document.put("description", constitution.description());
        ArrayNode principles = document.putArray("principles");
        for (Principle principle : constitution.principles()) {
            principles
                    .addObject()
                    .put("id", principle.id())
                    .put("weight", principle.weight())
                    .put("compare", principle.compare())
                    .put("critique", principle.critique())
                    .put("revise", principle.revise());
        }
        return document;
    }

    /// The text of a file of it; parsing it gives an equal one.
    public static String text(Constitution constitution) {
        try {
            return YAML.writeValueAsString(document(constitution));
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException("a constitution cannot be put into YAML", bug);
        }
    }

    private static Principle principle(JsonNode principle, int position) {
        String where = "principle " + position;
        if (!principle.isObject()) {
            throw new ConstitutionException(where + " must be a mapping");
        }
        refuseOthers(principle, PRINCIPLE_KEYS, where);
        String id = text(principle, "id", where);
        where = "principle '" + id + "'";
        JsonNode weight = principle.path("weight");
        if (!weight.isMissingNode() && !weight.isNumber()) {
            throw new ConstitutionException(where + ": 'weight' must be a number");
        }
        return new Principle(
                id,
                weight.asDouble(1),
                text(principle, "compare", where),
                text(principle, "critique", where),
                text(principle, "revise", where));
    }

    private static String text(JsonNode node, String key, String where) {
        JsonNode value = present(node, key, where);
        if (!value.isTextual()) {
            throw new ConstitutionException(where + ": '" + key + "' must be text");
        }
        return value.textValue().strip();
    }

    private static JsonNode present(JsonNode node, String key, String where) {
        JsonNode value = node.path(key);
        if (value.isMissingNode() || value.isNull()) {
            throw new ConstitutionException(where + ": '" + key + "' is missing");
        }
        return value;
    }

    private static void refuseOthers(JsonNode node, Set<String> known, String where) {
        node.fieldNames()
                .forEachRemaining(name -> {
                    if (!known.contains(name)) {
                        throw new ConstitutionException(
                                where
                                        + ": unknown key '"
                                        + name
                                        + "'; known are "
                                        + known.stream().sorted().toList());
                    }
                });
    }
}
