package rlaif.events;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;

/// Writes every schema that differs from the one in the folder before to a folder `recorded/v<n>`.
///
/// Run in `avro-schemas` with the number of the version: `SchemaRecorder 2`.
final class SchemaRecorder {
    private SchemaRecorder() {}

    public static void main(String[] arguments) throws IOException {
        int version = Integer.parseInt(arguments[0]);
        Path recorded = Path.of("src/test/resources/recorded");
        Path folder = Files.createDirectories(recorded.resolve("v" + version));
        for (Map.Entry<String, Schema> record : Records.BY_FILE.entrySet()) {
            String name = record.getKey() + ".avsc";
            if (!record.getValue().equals(before(recorded, version, name))) {
                Files.writeString(
                        folder.resolve(name),
                        SchemaFormatter.format("json/pretty", record.getValue()));
            }
        }
    }

    private static Schema before(Path recorded, int version, String name) throws IOException {
        for (int earlier = version - 1; earlier > 0; earlier--) {
            Path file = recorded.resolve("v" + earlier).resolve(name);
            if (Files.exists(file)) {
                return new Schema.Parser().parse(file.toFile());
            }
        }
        return Schema.create(Schema.Type.NULL);
    }
}
