package rlaif.processors;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.TimestampedKeyValueStoreWithHeaders;
import org.apache.kafka.streams.state.ValueTimestampHeaders;
import rlaif.events.Pair;
import rlaif.topics.Codec;

/// The store of pairs whose judgment is outstanding, keyed by pair id; owned by one task.
final class PendingPairs {
    private final TimestampedKeyValueStoreWithHeaders<String, byte[]> store;
    private final Codec<Pair> codec;

    PendingPairs(TimestampedKeyValueStoreWithHeaders<String, byte[]> store, Codec<Pair> codec) {
        this.store = store;
        this.codec = codec;
    }

    void put(PendingPair pending, long nowMillis) {
        store.put(
                pending.pair().getId(),
                pending.source().stored(nowMillis, pending.stamp().headers()));
    }

    void remove(PendingPair pending) {
        store.delete(pending.pair().getId());
    }

    /// Everything outstanding, in the order of its arrival.
    List<PendingPair> all() {
        List<KeyValue<String, ValueTimestampHeaders<byte[]>>> stored = new ArrayList<>();
        try (var entries = store.all()) {
            entries.forEachRemaining(stored::add);
        }
        return stored.stream()
                .map(entry -> {
                    SourceRecord source = SourceRecord.of(entry.value);
                    return new PendingPair(
                            codec.decode(source.value()), source, Stamp.of(entry.value.headers()));
                })
                .sorted(java.util.Comparator.comparingLong(p -> p.source().offset()))
                .toList();
    }
}
