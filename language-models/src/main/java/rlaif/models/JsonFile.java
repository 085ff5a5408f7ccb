package rlaif.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A JSON object in a file of a model folder.
final class JsonFile {

    static final ObjectMapper JSON = new ObjectMapper();

    private JsonFile() {}

    /// @param largestBytes a larger file is refused unread
    static ObjectNode read(Path file, long largestBytes) {
        try {
            if (Files.size(file) > largestBytes) {
                throw new ModelFolderException(file, "is larger than " + largestBytes + " bytes");
            }
            JsonNode json = JSON.readTree(Files.readString(file));
            if (json instanceof ObjectNode object) {
                return object;
            }
            throw new ModelFolderException(file, "is no JSON object");
        } catch (JsonProcessingException e) {
            throw new ModelFolderException(file, "is no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ModelFolderException(file, "is missing or cannot be read", e);
        }
    }

    static void write(Path file, ObjectNode json) {
        try {
            Files.writeString(
                    file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(file + ": cannot be put into JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }
}
