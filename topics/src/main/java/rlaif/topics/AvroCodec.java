package rlaif.topics;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/// The codec over Confluent's serializer and deserializer.
final class AvroCodec<T extends SpecificRecord> implements Codec<T> {
    private final Connection connection;
    private final Topic topic;
    private final String topicName;
    private final Class<T> recordClass;
    private final Schema schema;
    private final KafkaAvroSerializer serializer;
    private final KafkaAvroDeserializer deserializer;
    private final WriterSchemas writerSchemas;

    AvroCodec(
            Connection connection,
            Topic topic,
            Class<T> recordClass,
            KafkaAvroSerializer serializer,
            KafkaAvroDeserializer deserializer,
            SchemaRegistryClient registry) {
        this.connection = connection;
        this.topic = topic;
        this.topicName = connection.name(topic);
        this.recordClass = recordClass;
        this.schema = topic.schema();
        this.serializer = serializer;
        this.deserializer = deserializer;
        this.writerSchemas = new WriterSchemas(registry, Registry.subject(topicName), schema);
    }

    @Override
    public byte[] encode(T record) {
        byte[] bytes;
        try {
            bytes = serializer.serialize(topicName, recordClass.cast(record));
        } catch (RuntimeException e) {
            if (Registry.isOutage(e)) {
                throw Registry.unreachable(connection, e);
            }
            throw new IllegalStateException(
                    "a record for `%s` cannot be written: %s (is the subject `%s` registered?)"
                            .formatted(
                                    topicName,
                                    Registry.rootMessage(e),
                                    Registry.subject(topicName)),
                    e);
        }
        if (bytes.length > Topic.MAX_RECORD_BYTES) {
            throw new OversizedRecordException(topic, bytes.length);
        }
        return bytes;
    }

    @Override
    public T decode(byte @Nullable [] value) {
        if (value == null) {
            throw new UnreadableRecordException(
                    "no value, where a %s belongs".formatted(recordClass.getSimpleName()));
        }
        Object record;
        try {
            writerSchemas.require(value);
            record = deserializer.deserialize(topicName, value, schema);
        } catch (RuntimeException e) {
            if (Registry.isOutage(e)) {
                throw Registry.unreachable(connection, e);
            }
            throw new UnreadableRecordException(
                    "%d bytes are no %s: %s"
                            .formatted(
                                    value.length,
                                    recordClass.getSimpleName(),
                                    Registry.rootMessage(e)),
                    e);
        }
        return recordClass.cast(record);
    }

    @Override
    public Serde<T> serde() {
        return Serdes.serdeFrom(
                (_, record) -> record == null ? null : encode(record),
                (_, bytes) -> bytes == null ? null : decode(bytes));
    }
}
