package rlaif.topics;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/// The codecs of one connection, over one registry client.
public final class Codecs implements AutoCloseable {
    static {
        TrustedRecords.install();
    }

    private final Connection connection;
    private final SchemaRegistryClient registry;
    private final KafkaAvroSerializer serializer;
    private final KafkaAvroDeserializer deserializer;

    /// Asks the registry nothing yet.
    public Codecs(Connection connection) {
        this.connection = connection;
        registry = Registry.open(connection);
        Map<String, Object> settings = new HashMap<>(connection.registry());
        settings.put("auto.register.schemas", false);
        settings.put("use.latest.version", false);
        settings.put("specific.avro.reader", true);
        serializer = new KafkaAvroSerializer(registry, settings);
        deserializer = new KafkaAvroDeserializer(registry, settings);
    }

    /// The codec of a topic; `T` is the topic's record class.
    @SuppressWarnings("unchecked")
    public <T extends SpecificRecord> Codec<T> codec(Topic topic) {
        return new AvroCodec<>(
                connection,
                topic,
                (Class<T>) topic.recordClass(),
                serializer,
                deserializer,
                registry);
    }

    @Override
    public void close() {
        serializer.close();
        deserializer.close();
        Registry.close(registry);
    }
}
