package rlaif.topics;

import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/// Turns the records of one topic to bytes and back, in Confluent's wire format.
///
/// Safe for any number of threads.
public interface Codec<T> {
    /// @throws OversizedRecordException when the bytes are more than the topic takes
    /// @throws ClusterUnreachableException when the registry is needed and does not serve
    byte[] encode(T record);

    /// @throws UnreadableRecordException when the bytes are no record of the topic
    /// @throws ClusterUnreachableException when the registry is needed and does not serve
    T decode(byte @Nullable [] value);

    /// The same for Kafka Streams; throws as above.
    Serde<T> serde();
}
