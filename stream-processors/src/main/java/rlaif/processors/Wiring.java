package rlaif.processors;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// The two ends of every topology. Bytes travel, so that a processor can refuse what is no record
/// and keep it as it came.
final class Wiring {
    private Wiring() {}

    static void source(Topology topology, Connection connection, String name, Topic topic) {
        topology.addSource(
                name,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                connection.name(topic));
    }

    /// A source whose records are taken up by another time than their own.
    static void source(
            Topology topology,
            Connection connection,
            String name,
            Topic topic,
            TimestampExtractor time) {
        topology.addSource(
                AutoOffsetReset.none(), // as everywhere: positions are set before the first start
                name,
                time,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                connection.name(topic));
    }

    static void sink(Topology topology, String name, String topic, String parent) {
        topology.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), parent);
    }
}
