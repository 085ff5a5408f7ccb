package rlaif.processors;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.state.TimestampedKeyValueStoreWithHeaders;
import org.apache.kafka.streams.state.ValueTimestampHeaders;

/// The store of what was read and is in no preference, and why, keyed `j/judgment id` and `h/label
/// id`: what an audit finds beside the topics. Owned by one task.
record Unlabelled(TimestampedKeyValueStoreWithHeaders<String, byte[]> store) {
    /// Why nothing follows.
    enum Reason {
        /// Something that it needs has not come yet.
        WAITING,
        /// The settings or the judge abstain.
        ABSTAINED,
        /// Whoever labelled has no opinion.
        UNSURE,
        /// The settings do not merge people's labels with a judge's.
        NOT_MERGED
    }

    void judgment(String id, Reason reason, long nowMillis) {
        put("j/" + id, reason, nowMillis);
    }

    void humanLabel(String id, Reason reason, long nowMillis) {
        put("h/" + id, reason, nowMillis);
    }

    void judgmentLabelled(String id) {
        store.delete("j/" + id);
    }

    void humanLabelUsed(String id) {
        store.delete("h/" + id);
    }

    private void put(String key, Reason reason, long nowMillis) {
        store.put(
                key,
                ValueTimestampHeaders.make(
                        reason.name().getBytes(StandardCharsets.UTF_8),
                        nowMillis,
                        new RecordHeaders()));
    }
}
