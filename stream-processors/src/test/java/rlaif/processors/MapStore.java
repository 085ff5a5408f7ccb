package rlaif.processors;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.TimestampedKeyValueStoreWithHeaders;
import org.apache.kafka.streams.state.ValueTimestampHeaders;
import org.jspecify.annotations.Nullable;

/// A store in memory that outlives the task that writes it.
final class MapStore implements TimestampedKeyValueStoreWithHeaders<String, byte[]> {
    private final TreeMap<String, ValueTimestampHeaders<byte[]>> entries = new TreeMap<>();
    private final String name;

    MapStore(String name) {
        this.name = name;
    }

    @Override
    public void put(String key, @Nullable ValueTimestampHeaders<byte[]> value) {
        if (value == null) {
            entries.remove(key);
        } else {
            entries.put(key, value);
        }
    }

    @Override
    public @Nullable ValueTimestampHeaders<byte[]> putIfAbsent(
            String key, ValueTimestampHeaders<byte[]> value) {
        return entries.putIfAbsent(key, value);
    }

    @Override
    public void putAll(List<KeyValue<String, ValueTimestampHeaders<byte[]>>> all) {
        all.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public @Nullable ValueTimestampHeaders<byte[]> delete(String key) {
        return entries.remove(key);
    }

    @Override
    public @Nullable ValueTimestampHeaders<byte[]> get(String key) {
        return entries.get(key);
    }

    @Override
    public KeyValueIterator<String, ValueTimestampHeaders<byte[]>> range(
            String from, @Nullable String to) {
        return iterator(to == null ? entries.tailMap(from) : entries.subMap(from, true, to, true));
    }

    @Override
    public KeyValueIterator<String, ValueTimestampHeaders<byte[]>> all() {
        return iterator(entries);
    }

    private static KeyValueIterator<String, ValueTimestampHeaders<byte[]>> iterator(
            Map<String, ValueTimestampHeaders<byte[]>> some) {
        Iterator<Map.Entry<String, ValueTimestampHeaders<byte[]>>> left =
                new TreeMap<>(some).entrySet().iterator();
        return new KeyValueIterator<>() {
            @Override
            public void close() {}

            @Override
            public String peekNextKey() {
                throw new UnsupportedOperationException();
            }

            @Override
            public boolean hasNext() {
                return left.hasNext();
            }

            @Override
            public KeyValue<String, ValueTimestampHeaders<byte[]>> next() {
                var entry = left.next();
                return KeyValue.pair(entry.getKey(), entry.getValue());
            }
        };
    }

    @Override
    public long approximateNumEntries() {
        return entries.size();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {}

    @Override
    public void close() {}

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public Position getPosition() {
        return Position.emptyPosition();
    }
}
