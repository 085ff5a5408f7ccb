package rlaif.events;

import static org.apache.avro.SchemaCompatibility.SchemaCompatibilityType.COMPATIBLE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.junit.jupiter.api.Test;

/// FULL_TRANSITIVE: each current schema reads, and is read by, every version ever recorded.
///
/// A changed schema is recorded as it is released, in a new folder `recorded/v<n>`, as
/// `SchemaFormatter.format("json/pretty", schema)` prints it; the older folders stay.
final class CompatibilityTest {
    private static final Path RECORDED = Path.of("src/test/resources/recorded");

    private static List<Path> versions() throws IOException {
        try (Stream<Path> versions = Files.list(RECORDED)) {
            return versions.sorted().toList();
        }
    }

    private static List<String> conflicts(Schema current, Schema recorded) {
        List<String> conflicts = new ArrayList<>();
        conflicts.addAll(conflictsOfReading(current, recorded));
        conflicts.addAll(conflictsOfReading(recorded, current));
        return conflicts;
    }

    private static List<String> conflictsOfReading(Schema reader, Schema writer) {
        SchemaCompatibility.SchemaCompatibilityResult result =
                SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult();
        return result.getCompatibility() == COMPATIBLE
                ? List.of()
                : result.getIncompatibilities().stream().map(Object::toString).toList();
    }

    private static Schema read(Path file) throws IOException {
        return new Schema.Parser().parse(file.toFile());
    }

    @Test
    void everySchemaGoesWithEveryRecordedVersion() throws IOException {
        assertThat(versions()).isNotEmpty();
        for (Path version : versions()) {
            try (Stream<Path> files = Files.list(version)) {
                for (Path file : files.toList()) {
                    String name = file.getFileName().toString().replace(".avsc", "");
                    assertThat(Records.BY_FILE)
                            .as("records, of which none may go")
                            .containsKey(name);
                    Schema current = Objects.requireNonNull(Records.BY_FILE.get(name));
                    assertThat(conflicts(current, read(file))).as(file.toString()).isEmpty();
                }
            }
        }
    }

    @Test
    void theNewestRecordedVersionIsTheCurrentOne() throws IOException {
        for (var record : Records.BY_FILE.entrySet()) {
            Path newest =
                    versions().reversed().stream()
                            .map(version -> version.resolve(record.getKey() + ".avsc"))
                            .filter(Files::exists)
                            .findFirst()
                            .orElseThrow();
            assertThat(read(newest))
                    .as(record.getKey() + " has changed: record it in a new folder")
                    .isEqualTo(record.getValue());
        }
    }

    @Test
    void aFieldWithoutADefaultIsAConflict() {
        assertThat(conflicts(with("{'name': 'b', 'type': 'int'}"), with(""))).hasSize(1);
        assertThat(conflicts(with("{'name': 'b', 'type': 'int', 'default': 0}"), with("")))
                .isEmpty();
    }

    @Test
    void anotherTypeIsAConflict() {
        assertThat(
                        conflicts(
                                with("{'name': 'b', 'type': 'int', 'default': 0}"),
                                with("{'name': 'b', 'type': 'string', 'default': ''}")))
                .hasSize(2);
    }

    private static Schema with(String field) {
        return new Schema.Parser()
                .parse(
                        "{'type': 'record', 'name': 'R', 'fields': [%s]}"
                                .formatted(field)
                                .replace('\'', '"'));
    }
}
