package rlaif.processors;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.TimestampedKeyValueStoreWithHeaders;
import org.apache.kafka.streams.state.ValueTimestampHeaders;
import rlaif.events.Revision;
import rlaif.events.Rollout;
import rlaif.topics.Codec;

/// The store of rollouts whose revision is outstanding, keyed by rollout id; owned by one task.
final class PendingRevisions {
    private static final String BEGUN = "rlaif-revision-begun";
    private static final String ROUNDS = "rlaif-revision-rounds";

    private final TimestampedKeyValueStoreWithHeaders<String, byte[]> store;
    private final Codec<Rollout> rollouts;
    private final Codec<Revision> revisions;

    PendingRevisions(
            TimestampedKeyValueStoreWithHeaders<String, byte[]> store,
            Codec<Rollout> rollouts,
            Codec<Revision> revisions) {
        this.store = store;
        this.rollouts = rollouts;
        this.revisions = revisions;
    }

    void put(PendingRevision pending, long nowMillis) {
        Headers headers = new RecordHeaders();
        headers.add(BEGUN, revisions.encode(pending.begun()));
        SourceRecord.put(headers, ROUNDS, Integer.toString(pending.rounds()));
        store.put(pending.rollout().getId(), pending.source().stored(nowMillis, headers));
    }

    void remove(PendingRevision pending) {
        store.delete(pending.rollout().getId());
    }

    /// Everything outstanding, in the order of its arrival.
    List<PendingRevision> all() {
        List<KeyValue<String, ValueTimestampHeaders<byte[]>>> stored = new ArrayList<>();
        try (var entries = store.all()) {
            entries.forEachRemaining(stored::add);
        }
        return stored.stream()
                .map(entry -> pending(entry.value))
                .sorted(Comparator.comparingLong(pending -> pending.source().offset()))
                .toList();
    }

    private PendingRevision pending(ValueTimestampHeaders<byte[]> stored) {
        SourceRecord source = SourceRecord.of(stored);
        return new PendingRevision(
                rollouts.decode(source.value()),
                source,
                revisions.decode(stored.headers().lastHeader(BEGUN).value()),
                Integer.parseInt(SourceRecord.text(stored.headers(), ROUNDS)));
    }
}
