package rlaif.topics;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/// The Confluent client of the schema registry, and what its failures mean.
final class Registry {
    private static final int CACHED_SCHEMAS_PER_SUBJECT = 1000;

    private Registry() {}

    /// Subject of a topic's values (TopicNameStrategy).
    static String subject(String topicName) {
        return topicName + "-value";
    }

    static SchemaRegistryClient open(Connection connection) {
        return SchemaRegistryClientFactory.newClient(
                List.of(connection.registryUrl().split(",")),
                CACHED_SCHEMAS_PER_SUBJECT,
                List.of(new AvroSchemaProvider()),
                connection.registry(),
                Map.of());
    }

    static void close(SchemaRegistryClient registry) {
        try {
            registry.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether `failure`, or what it came from, says that the registry did not serve us, and
    /// nothing about the record or schema we asked for.
    static boolean isOutage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RestClientException refused) {
                return refused.getStatus() >= 500
                        || refused.getStatus() == 401
                        || refused.getStatus() == 403
                        || refused.getStatus() == 429;
            }
            if (cause instanceof IOException && isOfTheNetwork(cause)) {
                return true;
            }
        }
        return false;
    }

    /// Avro reports truncated bytes as an IOException too.
    private static boolean isOfTheNetwork(Throwable cause) {
        return !(cause instanceof EOFException)
                && !cause.getClass().getPackageName().startsWith("org.apache.avro");
    }

    static ClusterUnreachableException unreachable(Connection connection, Throwable cause) {
        return new ClusterUnreachableException(
                "the schema registry at schema.registry.url=%s does not serve: %s"
                        .formatted(connection.registryUrl(), rootMessage(cause)),
                cause);
    }

    static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof RestClientException wordless && wordless.getErrorCode() == 0
                ? "it answers with status %d and no error of a registry: is the path of its address missing?"
                        .formatted(wordless.getStatus())
                : root.toString();
    }
}
