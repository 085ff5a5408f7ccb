package rlaif.processors;

import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import rlaif.judging.limits.Spent;

/// What a task's judgments and dead letters have used up since the stage first ran; written with
/// them in one transaction, so that a budget outlives restarts. Owned by one task.
final class SpentStore {
    private static final String KEY = "spent";
    private static final Pattern SPACE = Pattern.compile(" ");

    private final KeyValueStore<String, String> store;
    private Spent spent;

    SpentStore(KeyValueStore<String, String> store) {
        this.store = store;
        this.spent = read(store.get(KEY));
    }

    static StoreBuilder<KeyValueStore<String, String>> named(String name) {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.String())
                .withLoggingEnabled(Map.of("segment.bytes", Integer.toString(16 << 20)))
                .withCachingDisabled();
    }

    private static Spent read(@Nullable String stored) {
        if (stored == null) {
            return Spent.NOTHING;
        }
        long[] numbers = SPACE.splitAsStream(stored).mapToLong(Long::parseLong).toArray();
        return new Spent(numbers[0], numbers[1], numbers[2]);
    }

    Spent spent() {
        return spent;
    }

    void add(Spent more) {
        if (!more.equals(Spent.NOTHING)) {
            spent = spent.plus(more);
            store.put(
                    KEY,
                    "%d %d %d".formatted(spent.requests(), spent.tokens(), spent.microdollars()));
        }
    }
}
