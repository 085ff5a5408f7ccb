package rlaif.processors;

import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.TimestampedKeyValueStoreWithHeaders;
import rlaif.topics.Topic;

/// The kind of store in which records wait: on disk (an instance keeps its process id only with
/// such a store, and is back at once after a kill), with a changelog, bytes as they came.
final class WaitingStore {
    /// Tombstones outnumber what waits by far, so the changelog is compacted early and in small
    /// pieces.
    private static final Map<String, String> CHANGELOG =
            Map.of(
                    "max.message.bytes",
                    Integer.toString(Topic.MAX_DEAD_LETTER_BYTES),
                    "segment.bytes",
                    Integer.toString(64 << 20),
                    "min.cleanable.dirty.ratio",
                    "0.1",
                    "compression.type",
                    "zstd");

    private WaitingStore() {}

    static StoreBuilder<TimestampedKeyValueStoreWithHeaders<String, byte[]>> named(String name) {
        return Stores.timestampedKeyValueStoreWithHeadersBuilder(
                        Stores.persistentTimestampedKeyValueStoreWithHeaders(name),
                        Serdes.String(),
                        Serdes.ByteArray())
                .withLoggingEnabled(CHANGELOG)
                .withCachingDisabled();
    }
}
