package rlaif.processors;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.TimestampedKeyValueStoreWithHeaders;
import org.apache.kafka.streams.state.ValueTimestampHeaders;
import rlaif.events.Rollout;
import rlaif.topics.Codec;

/// The rollouts that wait for the rest of their group, keyed `group id/rollout id`; owned by one
/// task.
final class WaitingGroups {
    private final TimestampedKeyValueStoreWithHeaders<String, byte[]> store;
    private final Codec<Rollout> codec;
    private long startedMillis;

    /// @param nowMillis wall clock: what was waiting before waits from now on, since the rest may
    ///   lie unread on the topic
    WaitingGroups(
            TimestampedKeyValueStoreWithHeaders<String, byte[]> store,
            Codec<Rollout> codec,
            long nowMillis) {
        this.store = store;
        this.codec = codec;
        this.startedMillis = nowMillis;
    }

    /// Adds a rollout and gives its group if that is complete now; a rollout that waits already
    /// changes nothing.
    ///
    /// @throws RefusedRecordException when the rollout cannot belong to a group
    Optional<RolloutGroup> add(Rollout rollout, SourceRecord source, long nowMillis) {
        requireValid(rollout);
        String key = rollout.getGroupId() + "/" + rollout.getId();
        if (store.get(key) != null) {
            return Optional.empty();
        }
        store.put(key, source.stored(nowMillis, new RecordHeaders()));
        RolloutGroup group = group(rollout.getGroupId());
        return group.isComplete() ? Optional.of(group) : Optional.empty();
    }

    void remove(RolloutGroup group) {
        group.members().forEach(member -> store.delete(member.storeKey()));
    }

    /// Every group that waits, complete or not.
    List<RolloutGroup> all() {
        try (var entries = store.all()) {
            return groups(entries);
        }
    }

    /// How often overdue groups are looked for.
    static Duration scanInterval(Duration timeout) {
        return Duration.ofMillis(Math.clamp(timeout.toMillis() / 20, 20, 30_000));
    }

    /// Incomplete groups whose latest rollout has waited for `timeout`.
    List<RolloutGroup> overdue(long nowMillis, Duration timeout) {
        return all().stream()
                .filter(group -> !group.isComplete())
                .filter(group -> waitedSince(group) + timeout.toMillis() <= nowMillis)
                .toList();
    }

    /// Whatever waits waits from now on: the rest may lie on the topic, which is not read.
    void waitAnew(long nowMillis) {
        startedMillis = nowMillis;
    }

    private long waitedSince(RolloutGroup group) {
        return group.members().stream()
                .mapToLong(WaitingRollout::arrivedMillis)
                .reduce(startedMillis, Math::max);
    }

    private RolloutGroup group(String groupId) {
        try (var entries = store.prefixScan(groupId + "/", new StringSerializer())) {
            return groups(entries).stream()
                    .filter(group -> group.id().equals(groupId))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private List<RolloutGroup> groups(
            KeyValueIterator<String, ValueTimestampHeaders<byte[]>> entries) {
        Map<String, List<WaitingRollout>> byGroup = new LinkedHashMap<>();
        while (entries.hasNext()) {
            KeyValue<String, ValueTimestampHeaders<byte[]>> entry = entries.next();
            SourceRecord source = SourceRecord.of(entry.value);
            Rollout rollout = codec.decode(source.value());
            byGroup.computeIfAbsent(rollout.getGroupId(), _ -> new ArrayList<>())
                    .add(new WaitingRollout(entry.key, rollout, source, entry.value.timestamp()));
        }
        return byGroup.entrySet().stream()
                .map(group -> new RolloutGroup(group.getKey(), group.getValue()))
                .toList();
    }

    private static void requireValid(Rollout rollout) {
        require(!rollout.getId().isEmpty(), "a rollout has an empty id");
        String which = "rollout " + rollout.getId();
        require(!rollout.getGroupId().isEmpty(), which + " has an empty group id");
        require(!rollout.getPromptId().isEmpty(), which + " has an empty prompt id");
        require(
                rollout.getGroupSize() >= 1
                        && rollout.getIndex() >= 0
                        && rollout.getIndex() < rollout.getGroupSize(),
                "%s has index %d in a group of %d"
                        .formatted(which, rollout.getIndex(), rollout.getGroupSize()));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new RefusedRecordException(RefusedRecordException.INVALID, otherwise);
        }
    }
}
