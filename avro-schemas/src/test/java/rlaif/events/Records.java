package rlaif.events;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/// The records that travel, one a topic, and everything inside them.
final class Records {
    /// Schemas by their file's name.
    static final Map<String, Schema> BY_FILE = byFile();

    private Records() {}

    private static Map<String, Schema> byFile() {
        Map<String, Schema> records = new LinkedHashMap<>();
        records.put("prompt", Prompt.getClassSchema());
        records.put("rollout", Rollout.getClassSchema());
        records.put("revision", Revision.getClassSchema());
        records.put("pair", Pair.getClassSchema());
        records.put("judgment", Judgment.getClassSchema());
        records.put("human-label", HumanLabel.getClassSchema());
        records.put("preference", Preference.getClassSchema());
        records.put("label-stats", LabelStats.getClassSchema());
        records.put("scored-rollout", ScoredRollout.getClassSchema());
        records.put("checkpoint", Checkpoint.getClassSchema());
        records.put("training-step", TrainingStep.getClassSchema());
        records.put("constitution", Constitution.getClassSchema());
        records.put("role-start", RoleStart.getClassSchema());
        return records;
    }

    /// Every record and enum that is one of them or inside one, by name.
    static Map<String, Schema> named() {
        Map<String, Schema> named = new LinkedHashMap<>();
        BY_FILE.values().forEach(schema -> collect(schema, named));
        return named;
    }

    private static void collect(Schema schema, Map<String, Schema> named) {
        switch (schema.getType()) {
            case RECORD -> {
                named.put(schema.getName(), schema);
                schema.getFields().forEach(field -> collect(field.schema(), named));
            }
            case ENUM -> named.put(schema.getName(), schema);
            case ARRAY -> collect(schema.getElementType(), named);
            case MAP -> collect(schema.getValueType(), named);
            case UNION -> schema.getTypes().forEach(type -> collect(type, named));
            case FIXED, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {}
        }
    }

    /// The fields of every record of `named`.
    static List<OwnedField> fields() {
        return named().values().stream()
                .filter(schema -> schema.getType() == Schema.Type.RECORD)
                .flatMap(schema ->
                        schema.getFields().stream()
                                .map(field -> new OwnedField(schema.getName(), field)))
                .toList();
    }

    /// A field, and the record it is of.
    record OwnedField(String owner, Schema.Field field) {
        String name() {
            return owner + "." + field.name();
        }
    }
}
