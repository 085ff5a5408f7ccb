package rlaif.processors;

import java.util.Optional;
import org.apache.kafka.streams.state.TimestampedKeyValueStoreWithHeaders;
import org.apache.kafka.streams.state.ValueTimestampHeaders;

/// The store of what each group under scoring is scored by, keyed by group id; owned by one task.
record GroupStamps(TimestampedKeyValueStoreWithHeaders<String, byte[]> store) {
    private static final byte[] NOTHING = {};

    Optional<Stamp> of(RolloutGroup group) {
        ValueTimestampHeaders<byte[]> stored = store.get(group.id());
        return stored == null ? Optional.empty() : Optional.of(Stamp.of(stored.headers()));
    }

    void put(RolloutGroup group, Stamp stamp, long nowMillis) {
        store.put(group.id(), ValueTimestampHeaders.make(NOTHING, nowMillis, stamp.headers()));
    }

    void remove(RolloutGroup group) {
        store.delete(group.id());
    }
}
