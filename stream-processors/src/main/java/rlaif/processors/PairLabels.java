package rlaif.processors;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.TimestampedKeyValueStoreWithHeaders;
import org.apache.kafka.streams.state.ValueTimestampHeaders;
import rlaif.events.HumanLabel;
import rlaif.events.Judgment;
import rlaif.topics.Codec;

/// The store of what was said about each pair, keyed `pair id/j/judgment id` and `pair id/h/label
/// id`; owned by one task.
///
/// A judgment that no later label can change is kept as its key alone.
record PairLabels(
        TimestampedKeyValueStoreWithHeaders<String, byte[]> store,
        Codec<Judgment> judgments,
        Codec<HumanLabel> humanLabels) {
    private static final String PREFERENCE = "rlaif-preference";
    private static final byte[] KEY_ALONE = {};

    /// A judgment and the preference that stands for it.
    ///
    /// @param preferenceId empty: none follows so far
    record Standing(Judgment judgment, String preferenceId) {}

    /// Keeps a judgment that people may yet change.
    void put(Standing standing, long nowMillis) {
        Judgment judgment = standing.judgment();
        Headers headers = new RecordHeaders();
        headers.add(PREFERENCE, standing.preferenceId().getBytes(StandardCharsets.UTF_8));
        store.put(
                judgmentKey(judgment),
                ValueTimestampHeaders.make(judgments.encode(judgment), nowMillis, headers));
    }

    /// Keeps only that there was this judgment.
    void putKeyAlone(Judgment judgment, long nowMillis) {
        store.put(
                judgmentKey(judgment),
                ValueTimestampHeaders.make(KEY_ALONE, nowMillis, new RecordHeaders()));
    }

    boolean contains(Judgment judgment) {
        return store.get(judgmentKey(judgment)) != null;
    }

    void put(HumanLabel label, long nowMillis) {
        store.put(
                labelKey(label),
                ValueTimestampHeaders.make(
                        humanLabels.encode(label), nowMillis, new RecordHeaders()));
    }

    void remove(HumanLabel label) {
        store.delete(labelKey(label));
    }

    /// What people said about a pair, each label as it was last given.
    List<HumanLabel> people(String pairId) {
        return scan(pairId + "/h/").stream()
                .map(entry -> humanLabels.decode(entry.value.value()))
                .toList();
    }

    /// The judgments of a pair that people may change.
    List<Standing> judged(String pairId) {
        return scan(pairId + "/j/").stream()
                .filter(entry -> entry.value.value().length > 0)
                .map(entry ->
                        new Standing(
                                judgments.decode(entry.value.value()),
                                SourceRecord.text(entry.value.headers(), PREFERENCE)))
                .toList();
    }

    /// Whether any judgment of the pair has come.
    boolean isJudged(String pairId) {
        try (var entries = store.prefixScan(pairId + "/j/", new StringSerializer())) {
            return entries.hasNext();
        }
    }

    private List<KeyValue<String, ValueTimestampHeaders<byte[]>>> scan(String prefix) {
        List<KeyValue<String, ValueTimestampHeaders<byte[]>>> found = new ArrayList<>();
        try (var entries = store.prefixScan(prefix, new StringSerializer())) {
            entries.forEachRemaining(found::add);
        }
        return found;
    }

    private static String labelKey(HumanLabel label) {
        return label.getPairId() + "/h/" + label.getId();
    }

    private static String judgmentKey(Judgment judgment) {
        return judgment.getPairId() + "/j/" + judgment.getId();
    }
}
