package rlaif.processors;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/// The windows that still count, how far event time has come, and what drift is measured against:
/// in memory to count with, and after each change in a store, whose cache writes each of them once
/// a transaction. Owned by one task.
final class OpenWindows {
    private static final String TIME = "time";
    private static final String WINDOW = "window/";
    private static final String REFERENCE = "reference/";

    private final KeyValueStore<String, byte[]> store;
    private final TreeMap<Long, Map<String, Open>> byStart = new TreeMap<>();
    private final Map<String, long[]> references = new HashMap<>();
    private final StreamTime time;

    /// A window of a group.
    record Open(LabelGroup group, WindowTime time, LabelWindow window) {
        private String storeKey() {
            return "%s%019d/%s".formatted(WINDOW, time.startMillis(), group.key());
        }

        private byte[] bytes() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (DataOutputStream out = new DataOutputStream(bytes)) {
                group.write(out);
                out.writeLong(time.startMillis());
                out.writeLong(time.endMillis());
                window.write(out);
            } catch (IOException e) {
                throw new UncheckedIOException("memory takes every byte", e);
            }
            return bytes.toByteArray();
        }

        private static Open of(byte[] bytes) {
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
                return new Open(
                        LabelGroup.read(in),
                        new WindowTime(in.readLong(), in.readLong()),
                        LabelWindow.read(in));
            } catch (IOException e) {
                throw new UncheckedIOException("a stored window is cut short", e);
            }
        }
    }

    /// With what a former life of the task left in the store.
    ///
    /// @param sources partitions that observations come from, at least 1
    /// @param idle how long nothing comes from a partition before it holds no window open
    OpenWindows(KeyValueStore<String, byte[]> store, int sources, Duration idle, long nowMillis) {
        this.store = store;
        try (var entries = store.all()) {
            entries.forEachRemaining(entry -> {
                if (entry.key.startsWith(WINDOW)) {
                    keep(Open.of(entry.value));
                } else if (entry.key.startsWith(REFERENCE)) {
                    references.put(entry.key.substring(REFERENCE.length()), longs(entry.value));
                }
            });
        }
        byte[] kept = store.get(TIME);
        this.time =
                new StreamTime(kept == null ? new long[0] : longs(kept), sources, idle, nowMillis);
    }

    static StoreBuilder<KeyValueStore<String, byte[]>> named(String name) {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                .withLoggingEnabled(
                        Map.of(
                                "segment.bytes",
                                Integer.toString(16 << 20),
                                "min.cleanable.dirty.ratio",
                                "0.1",
                                "compression.type",
                                "zstd"))
                .withCachingEnabled();
    }

    /// How far event time has come.
    long streamMillis() {
        return time.millis();
    }

    /// Takes in the event time of what came from a source.
    void came(int source, long atMillis, long nowMillis) {
        time.came(source, atMillis, nowMillis);
        store.put(TIME, bytes(time.kept()));
    }

    /// Goes on by the clock where sources are idle.
    void advance(long nowMillis) {
        time.advance(nowMillis);
        store.put(TIME, bytes(time.kept()));
    }

    /// A group's window, empty where nothing was counted in it.
    Open open(LabelGroup group, WindowTime time) {
        Map<String, Open> groups = byStart.getOrDefault(time.startMillis(), Map.of());
        Open open = groups.get(group.key());
        return open == null ? new Open(group, time, LabelWindow.empty()) : open;
    }

    /// Keeps a window that has changed.
    void put(Open open) {
        keep(open);
        store.put(open.storeKey(), open.bytes());
    }

    private void keep(Open open) {
        byStart.computeIfAbsent(open.time().startMillis(), _ -> new TreeMap<>())
                .put(open.group().key(), open);
    }

    void remove(Open open) {
        Map<String, Open> groups = byStart.get(open.time().startMillis());
        if (groups != null) {
            groups.remove(open.group().key());
            if (groups.isEmpty()) {
                byStart.remove(open.time().startMillis());
            }
        }
        store.delete(open.storeKey());
    }

    /// The oldest first.
    List<Open> all() {
        List<Open> all = new ArrayList<>();
        byStart.values().forEach(groups -> all.addAll(groups.values()));
        return all;
    }

    /// Whether any window begins before this time.
    boolean anyBefore(long millis) {
        return !byStart.isEmpty() && byStart.firstKey() < millis;
    }

    /// Counts of probabilities so far of a judge under a principle; null: none.
    long @Nullable [] reference(String lane) {
        return references.get(lane);
    }

    void putReference(String lane, long[] counts) {
        references.put(lane, counts);
        store.put(REFERENCE + lane, bytes(counts));
    }

    private static byte[] bytes(long... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES);
        for (long number : numbers) {
            bytes.putLong(number);
        }
        return bytes.array();
    }

    private static long[] longs(byte[] bytes) {
        long[] numbers = new long[bytes.length / Long.BYTES];
        ByteBuffer.wrap(bytes).asLongBuffer().get(numbers);
        return numbers;
    }
}
