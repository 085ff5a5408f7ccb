package rlaif.processors;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// A topology of this module in Kafka's test driver, with the settings that it runs with, over a
/// registry in memory.
final class TestStream implements AutoCloseable {
    static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    final Connection connection;
    final Codecs codecs;
    private final TopologyTestDriver driver;
    private final String description;

    /// Wires a topology once its connection and codecs are there.
    interface Wiring {
        Topology of(Connection connection, Codecs codecs) throws IOException;
    }

    TestStream(Path folder, Wiring wiring) throws IOException {
        this(folder, Map.of(), wiring);
    }

    /// @param more settings of Kafka Streams
    TestStream(Path folder, Map<String, Object> more, Wiring wiring) throws IOException {
        connection = connection();
        codecs = new Codecs(connection);
        Properties config = new Properties();
        config.putAll(
                new StreamsApplication(
                                connection, "rlaif-test", StreamsSettings.in(folder), Map.of())
                        .config());
        config.putAll(more);
        Topology topology = wiring.of(connection, codecs);
        description = topology.describe().toString().strip();
        driver = new TopologyTestDriver(topology, config);
    }

    /// The topology in its printed form.
    String description() {
        return description;
    }

    /// A connection whose registry knows the schema of each topic.
    static Connection connection() throws IOException {
        Connection made = Connection.to("nowhere:9092", "mock://" + UUID.randomUUID());
        register(made);
        return made;
    }

    /// The same servers, whose registry knows the schemas of topics under another prefix too.
    static Connection under(String prefix, Connection made) throws IOException {
        Connection other = new Connection(made.settings(), prefix);
        register(other);
        return other;
    }

    private static void register(Connection made) throws IOException {
        try (var registry =
                SchemaRegistryClientFactory.newClient(
                        List.of(made.registryUrl()),
                        100,
                        List.of(new AvroSchemaProvider()),
                        Map.of(),
                        Map.of())) {
            for (Topic topic : Topic.values()) {
                registry.register(made.name(topic) + "-value", new AvroSchema(topic.schema()));
            }
        } catch (RestClientException e) {
            throw new IOException(e);
        }
    }

    <T extends SpecificRecord> void pipe(Topic topic, String key, T record) {
        Codec<T> codec = codecs.codec(topic);
        pipeBytes(topic, key, codec.encode(record));
    }

    void pipeBytes(Topic topic, String key, byte[] value) {
        pipeBytes(topic, key, value, 1_000);
    }

    <T extends SpecificRecord> void pipe(Topic topic, String key, T record, long millis) {
        Codec<T> codec = codecs.codec(topic);
        pipeBytes(topic, key, codec.encode(record), millis);
    }

    private void pipeBytes(Topic topic, String key, byte[] value, long millis) {
        pipeBytes(connection.name(topic), key, value, millis);
    }

    void pipeBytes(String topic, String key, byte[] value, long millis) {
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(key.getBytes(StandardCharsets.UTF_8), value, millis);
    }

    /// Lets this much wall-clock time pass.
    void advance(Duration time) {
        driver.advanceWallClockTime(time);
    }

    /// Lets short times pass until `count` more records lie on a topic.
    List<TestRecord<byte[], byte[]>> await(String topic, int count) throws InterruptedException {
        TestOutputTopic<byte[], byte[]> output =
                driver.createOutputTopic(
                        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (output.getQueueSize() < count) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "%d of %d records on %s".formatted(output.getQueueSize(), count, topic));
            }
            driver.advanceWallClockTime(Duration.ofMillis(20));
            Thread.sleep(1);
        }
        return output.readRecordsToList();
    }

    <T extends SpecificRecord> List<T> await(Topic topic, int count) throws InterruptedException {
        Codec<T> codec = codecs.codec(topic);
        return await(connection.name(topic), count).stream()
                .map(record -> codec.decode(record.value()))
                .toList();
    }

    /// Records on a topic now.
    int count(Topic topic) {
        return (int)
                driver.createOutputTopic(
                                connection.name(topic),
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer())
                        .getQueueSize();
    }

    static String header(TestRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    /// Entries of a store.
    int stored(String store) {
        try (var entries = driver.getKeyValueStore(store).all()) {
            int count = 0;
            while (entries.hasNext()) {
                entries.next();
                count++;
            }
            return count;
        }
    }

    /// The one entry of a store of what was spent.
    String spent(String store) {
        return String.valueOf(driver.<String, String>getKeyValueStore(store).get("spent"));
    }

    @Override
    public void close() {
        driver.close();
        codecs.close();
    }
}
