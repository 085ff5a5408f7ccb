package rlaif.topics;

import io.confluent.kafka.schemaregistry.CompatibilityLevel;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.ParsedSchemaHolder;
import io.confluent.kafka.schemaregistry.SimpleParsedSchemaHolder;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// The subjects of all topics in the schema registry, one a topic.
public final class Subjects implements AutoCloseable {
    /// Every version reads every other: replays start at offset 0, and old readers stay.
    static final String COMPATIBILITY = CompatibilityLevel.FULL_TRANSITIVE.name;

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int ATTEMPTS = 10;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(50); // times the attempt

    private final Connection connection;
    private final SchemaRegistryClient registry;

    Subjects(Connection connection) {
        this.connection = connection;
        registry = Registry.open(connection);
    }

    /// Registers this build's schema of every topic, as codecs need it.
    ///
    /// @throws PlanRefusedException when a subject holds a schema that it does not go with
    public static void register(Connection connection) {
        try (Subjects subjects = new Subjects(connection)) {
            List<Difference> differences = subjects.differences();
            List<Difference> impossible =
                    differences.stream().filter(d -> !d.canBeApplied()).toList();
            if (!impossible.isEmpty()) {
                throw new PlanRefusedException(impossible);
            }
            subjects.apply(differences);
        }
    }

    /// What is not as it should be, in the order of the topics.
    List<Difference> differences() {
        List<Difference> differences = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            try {
                compare(topic, differences);
            } catch (IOException | RestClientException e) {
                throw Registry.unreachable(connection, e);
            }
        }
        return differences;
    }

    private void compare(Topic topic, List<Difference> differences)
            throws IOException, RestClientException {
        String subject = subject(topic);
        AvroSchema schema = new AvroSchema(topic.schema());
        if (isRegistered(subject, schema)) {
            String compatibility = find(() -> registry.getCompatibility(subject)).orElse("(unset)");
            if (!compatibility.equals(COMPATIBILITY)) {
                differences.add(new Difference.OtherCompatibility(subject, compatibility));
            }
            return;
        }
        List<String> reasons =
                schema.isCompatible(CompatibilityLevel.FULL_TRANSITIVE, registered(subject));
        differences.add(
                reasons.isEmpty()
                        ? new Difference.MissingSchema(subject)
                        : new Difference.IncompatibleSchema(subject, reasons));
    }

    private boolean isRegistered(String subject, AvroSchema schema)
            throws IOException, RestClientException {
        return find(() -> registry.getId(subject, schema)).isPresent();
    }

    private List<ParsedSchemaHolder> registered(String subject)
            throws IOException, RestClientException {
        List<ParsedSchemaHolder> versions = new ArrayList<>();
        for (int version : find(() -> registry.getAllVersions(subject)).orElse(List.of())) {
            ParsedSchema parsed =
                    new AvroSchema(registry.getSchemaMetadata(subject, version).getSchema());
            versions.add(new SimpleParsedSchemaHolder(parsed));
        }
        return versions;
    }

    /// Registers and sets what differs; passes over differences of topics.
    void apply(List<Difference> differences) {
        try {
            for (Topic topic : Topic.values()) {
                if (differences.contains(new Difference.MissingSchema(subject(topic)))) {
                    // In this order: a subject without a schema may not take a level.
                    register(subject(topic), new AvroSchema(topic.schema()));
                }
            }
            for (Difference difference : differences) {
                if (difference instanceof Difference.OtherCompatibility(String subject, String _)) {
                    write(() -> registry.updateCompatibility(subject, COMPATIBILITY));
                }
            }
        } catch (IOException | RestClientException e) {
            throw Registry.unreachable(connection, e);
        }
    }

    private void register(String subject, AvroSchema schema)
            throws IOException, RestClientException {
        write(() -> registry.register(subject, schema));
        write(() -> registry.updateCompatibility(subject, COMPATIBILITY));
    }

    /// Writes what several processes may write at once, all of them the same: a registry refuses
    /// whom another was a moment ahead of, with a conflict that names no error of a schema.
    private static void write(Question<?> question) throws IOException, RestClientException {
        for (int attempt = 1; ; attempt++) {
            try {
                question.ask();
                return;
            } catch (RestClientException e) {
                if (e.getStatus() != CONFLICT || e.getErrorCode() != 0 || attempt == ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(attempt * BETWEEN_ATTEMPTS.toNanos());
            }
        }
    }

    private String subject(Topic topic) {
        return Registry.subject(connection.name(topic));
    }

    private interface Question<T> {
        T ask() throws IOException, RestClientException;
    }

    /// The answer, or empty where the registry knows no such thing.
    private static <T> Optional<T> find(Question<T> question)
            throws IOException, RestClientException {
        try {
            return Optional.ofNullable(question.ask());
        } catch (RestClientException e) {
            if (e.getStatus() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void close() {
        Registry.close(registry);
    }
}
