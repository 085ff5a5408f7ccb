package rlaif.processors;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/// The store of observed pairs by pair id, each under the event time at which it was first heard
/// of; old ones go out whole segments at a time, here and in the changelog. Owned by one task.
record ObservedPairs(WindowStore<String, byte[]> store, Duration kept) {
    static StoreBuilder<WindowStore<String, byte[]>> named(String name, Duration kept) {
        return Stores.windowStoreBuilder(
                        Stores.persistentWindowStore(name, kept, Duration.ofMillis(1), false),
                        Serdes.String(),
                        Serdes.ByteArray())
                .withLoggingEnabled(Map.of("compression.type", "zstd"))
                .withCachingDisabled();
    }

    /// A pair as it is known, and since when.
    record Found(ObservedPair pair, long sinceMillis) {}

    /// The pair around this event time; unknown since then where nothing is known of it.
    Found find(String pairId, long atMillis) {
        try (var entries =
                store.fetch(
                        pairId,
                        Math.max(0, atMillis - kept.toMillis()),
                        atMillis + kept.toMillis())) {
            if (!entries.hasNext()) {
                return new Found(ObservedPair.unknown(), atMillis);
            }
            var entry = entries.next();
            return new Found(ObservedPair.of(entry.value), entry.key);
        }
    }

    void put(String pairId, Found found) {
        store.put(pairId, found.pair().bytes(), found.sinceMillis());
    }
}
