package rlaif.processors;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
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

    static void sink(Topology topology, String name, String topic, String parent) {
        topology.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), parent);
    }
}
