package rlaif.topics;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;

/// The ids under which one kind of record has been written.
///
/// Every field has a default, so Avro would resolve any other record into ours without a word: the
/// name of what was written has to be looked at first.
final class WriterSchemas {
    private static final int FRAME_BYTES = 5; // a zero byte and the id

    private final SchemaRegistryClient registry;
    private final String subject;
    private final String recordName;
    private final Set<Integer> ids = ConcurrentHashMap.newKeySet();

    WriterSchemas(SchemaRegistryClient registry, String subject, Schema schema) {
        this.registry = registry;
        this.subject = subject;
        this.recordName = schema.getFullName();
    }

    /// @throws SerializationException when the bytes name no schema, or one of another record
    void require(byte[] value) {
        if (value.length < FRAME_BYTES || value[0] != 0) {
            throw new SerializationException("they do not begin with the id of a schema");
        }
        int id = ByteBuffer.wrap(value).getInt(1);
        if (ids.contains(id)) {
            return;
        }
        String written;
        try {
            written = registry.getSchemaBySubjectAndId(subject, id).name();
        } catch (IOException | RestClientException e) {
            throw new SerializationException("schema " + id + " cannot be had", e);
        }
        if (!recordName.equals(written)) {
            throw new SerializationException("they are a " + written);
        }
        ids.add(id);
    }
}
