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
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;

/// The store of rollouts whose revision is outstanding, keyed by rollout id; owned by one task.
final class PendingRevisions {
    private static final String BEGUN = "rlaif-revision-begun";
    private static final String ROUNDS = "rlaif-revision-rounds";

    /// What the changelog takes, less what else the entry says.
    private static final long MOST_BYTES = Topic.MAX_DEAD_LETTER_BYTES - (128L << 10);

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

    /// @throws RefusedRecordException when the rollout and its rounds are more than the changelog
    ///   takes
    void put(PendingRevision pending, long nowMillis) {
        byte[] begun = revisions.encode(pending.begun());
        requireFits(pending, begun);
        Headers headers = new RecordHeaders();
        headers.add(BEGUN, begun);
        SourceRecord.put(headers, ROUNDS, Integer.toString(pending.rounds()));
        store.put(pending.rollout().getId(), pending.source().stored(nowMillis, headers));
    }

    /// Refuses what could not wait for its next round.
    static void requireFits(PendingRevision pending, byte[] begun) {
        long bytes = (long) pending.source().size() + begun.length;
        if (bytes > MOST_BYTES) {
            throw new RefusedRecordException(
                    DeadLetters.TOO_LARGE,
                    "rollout %s with its revision so far has %d bytes; at most %d can wait for the next round"
                            .formatted(pending.rollout().getId(), bytes, MOST_BYTES));
        }
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
