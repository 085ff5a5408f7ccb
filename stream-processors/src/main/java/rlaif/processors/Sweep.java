package rlaif.processors;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.TimestampedKeyValueStoreWithHeaders;
import org.apache.kafka.streams.state.ValueTimestampHeaders;

/// The rounds in which one store forgets what is old, a slice of it at a time, so that the stream
/// thread is never kept from its transaction; owned by one task.
///
/// The key at which the next slice begins is stored too: a task that is restarted more often than a
/// round takes would else look at the same first slices for ever.
final class Sweep {
    /// Time between two slices.
    static final Duration TICK = Duration.ofSeconds(1);

    /// Time between the end of a round and the next one.
    private static final Duration REST = Duration.ofHours(1);

    /// What one slice looks at, at most: entries, and bytes of their values.
    static final int SLICE_ENTRIES = 500;

    private static final long SLICE_BYTES = 8L << 20;

    private final TimestampedKeyValueStoreWithHeaders<String, byte[]> store;
    private final Duration kept;
    private final KeyValueStore<String, String> resumeKeys;
    private long restsUntilMillis = Long.MIN_VALUE;

    /// @param kept how long an entry stays after it was last written
    /// @param resumeKeys where the next slice of each store begins
    Sweep(
            TimestampedKeyValueStoreWithHeaders<String, byte[]> store,
            Duration kept,
            KeyValueStore<String, String> resumeKeys) {
        this.store = store;
        this.kept = kept;
        this.resumeKeys = resumeKeys;
    }

    /// The store of resume keys.
    static StoreBuilder<KeyValueStore<String, String>> named(String name) {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.String())
                .withLoggingEnabled(Map.of("segment.bytes", Integer.toString(16 << 20)))
                .withCachingDisabled();
    }

    /// Looks at one slice, unless the round is over and the next one not due.
    void slice(long nowMillis) {
        if (nowMillis < restsUntilMillis) {
            return;
        }
        String from = resumeKeys.get(store.name());
        List<String> old = new ArrayList<>();
        String next = null;
        int entries = 0;
        long bytes = 0;
        try (var following = from == null ? store.all() : store.range(from, null)) {
            while (following.hasNext() && next == null) {
                KeyValue<String, ValueTimestampHeaders<byte[]>> entry = following.next();
                if (entries == SLICE_ENTRIES || bytes >= SLICE_BYTES) {
                    next = entry.key;
                } else {
                    entries++;
                    bytes += entry.value.value().length;
                    if (entry.value.timestamp() < nowMillis - kept.toMillis()) {
                        old.add(entry.key);
                    }
                }
            }
        }
        old.forEach(store::delete);
        if (next != null) {
            resumeKeys.put(store.name(), next);
            return;
        }
        if (from != null) {
            resumeKeys.delete(store.name());
        }
        restsUntilMillis = nowMillis + REST.toMillis();
    }
}
