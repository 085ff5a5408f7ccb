package rlaif.topics;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/// How far groups are behind the topics that they read, in offsets: transaction markers count, so
/// that a lag of a few may mean nothing to read.
public final class GroupLag {
    private static final Duration POLL = Duration.ofMillis(100);

    /// After so many that bring nothing, whatever they were to read counts as not read.
    private static final int MOST_POLLS = 50;

    private final Admin admin;

    public GroupLag(Admin admin) {
        this.admin = admin;
    }

    /// Records of `topic` beyond the group's committed position, markers included; everything that
    /// the topic holds where the group has no position.
    ///
    /// What is not committed counts too: what somebody has just committed is seen as such a moment
    /// later only, and a writer that waits for the group would write on.
    public long lag(String group, String topic) {
        return behind(group, topic, IsolationLevel.READ_UNCOMMITTED).values().stream()
                .mapToLong(Behind::offsets)
                .sum();
    }

    /// Whether `topic` holds a committed record beyond the group's committed position: markers do
    /// not count.
    ///
    /// @param reader of no group; it is assigned anew
    public boolean hasUnread(String group, String topic, KafkaConsumer<byte[], byte[]> reader) {
        Map<TopicPartition, Behind> behind = behind(group, topic, IsolationLevel.READ_COMMITTED);
        if (behind.isEmpty()) {
            return false;
        }
        reader.assign(behind.keySet());
        behind.forEach((partition, offsets) -> reader.seek(partition, offsets.from()));
        for (int polls = 0; polls < MOST_POLLS; polls++) {
            try {
                if (!reader.poll(POLL).isEmpty()) {
                    return true;
                }
            } catch (InvalidOffsetException deletedMeanwhile) {
                return true; // read and deleted since the group was asked; the next look tells
            }
            if (behind.entrySet().stream()
                    .allMatch(entry -> reader.position(entry.getKey()) >= entry.getValue().end())) {
                return false;
            }
        }
        return true;
    }

    /// Offsets between a position and the end of a partition.
    private record Behind(long from, long end) {
        long offsets() {
            return end - from;
        }
    }

    /// Of the partitions in which the group is not at the end.
    private Map<TopicPartition, Behind> behind(String group, String topic, IsolationLevel counted) {
        Map<TopicPartition, OffsetAndMetadata> committed = committed(group);
        List<TopicPartition> partitions = partitions(topic);
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest(), counted);
        Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest(), counted);
        Map<TopicPartition, Behind> behind = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata position = committed.get(partition);
            long from = position == null ? starts.getOrDefault(partition, 0L) : position.offset();
            long end = ends.getOrDefault(partition, 0L);
            if (from < end) {
                behind.put(partition, new Behind(from, end));
            }
        }
        return behind;
    }

    /// Whether the group has a position in every partition of `topic`.
    public boolean hasCommitted(String group, String topic) {
        Map<TopicPartition, OffsetAndMetadata> committed = committed(group);
        return partitions(topic).stream().allMatch(partition -> committed.get(partition) != null);
    }

    /// Whether anyone reads for the group now.
    public boolean hasMembers(String group) {
        try {
            return Answers.of(
                            admin.describeConsumerGroups(List.of(group)).all(),
                            "to describe " + group)
                    .values()
                    .stream()
                    .anyMatch(described -> described.groupState() == GroupState.STABLE);
        } catch (GroupIdNotFoundException e) {
            return false;
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        return Answers.of(
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
                "for the positions of " + group);
    }

    private List<TopicPartition> partitions(String topic) {
        Map<String, TopicDescription> described =
                Answers.of(
                        admin.describeTopics(List.of(topic)).allTopicNames(),
                        "to describe " + topic);
        return described.values().stream()
                .flatMap(description -> StartPositions.partitions(description).stream())
                .toList();
    }

    private Map<TopicPartition, Long> offsets(
            List<TopicPartition> partitions, OffsetSpec spec, IsolationLevel counted) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, spec));
        Map<TopicPartition, ListOffsetsResultInfo> answers =
                Answers.of(
                        admin.listOffsets(asked, new ListOffsetsOptions(counted)).all(),
                        "for offsets of " + partitions);
        Map<TopicPartition, Long> offsets = new HashMap<>();
        answers.forEach((partition, answer) -> offsets.put(partition, answer.offset()));
        return offsets;
    }
}
