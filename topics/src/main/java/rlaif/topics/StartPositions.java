package rlaif.topics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/// Where a group begins: the start of the log, committed before its first member reads, so that
/// every reader runs with `auto.offset.reset=none` and a lost position is never taken for a start.
public final class StartPositions {
    private static final int ATTEMPTS = 5;
    private static final long PAUSE_MILLIS = 200;

    private StartPositions() {}

    /// Commits the log start for every partition of `topics` if `group` has no position in that
    /// topic yet.
    ///
    /// @throws PositionLostException when it has positions in some partitions of a topic and not in
    ///   others
    public static void ensure(Admin admin, String group, Collection<String> topics) {
        for (int attempt = 1; ; attempt++) {
            Map<TopicPartition, OffsetAndMetadata> starts = missing(admin, group, topics);
            if (starts.isEmpty()) {
                return;
            }
            try {
                Answers.of(
                        admin.alterConsumerGroupOffsets(group, starts).all(),
                        "to set the start positions of " + group);
                return;
            } catch (UnknownMemberIdException e) {
                // Another instance committed the same and has joined: look again.
                if (attempt == ATTEMPTS) {
                    throw new PositionLostException(
                            "%s runs already and has no position in %s"
                                    .formatted(group, starts.keySet()));
                }
                pause();
            }
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> missing(
            Admin admin, String group, Collection<String> topics) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                Answers.of(
                        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
                        "for the positions of " + group);
        Map<String, TopicDescription> described =
                Answers.of(admin.describeTopics(topics).allTopicNames(), "to describe " + topics);
        List<TopicPartition> unstarted = new ArrayList<>();
        for (TopicDescription topic : described.values()) {
            List<TopicPartition> all = partitions(topic);
            List<TopicPartition> without =
                    all.stream().filter(partition -> committed.get(partition) == null).toList();
            if (!without.isEmpty() && without.size() < all.size()) {
                throw new PositionLostException(
                        "%s has no position in %s, but in other partitions of the topic: it expired, or partitions were added"
                                .formatted(group, without));
            }
            unstarted.addAll(without);
        }
        return logStarts(admin, unstarted);
    }

    /// Partitions of whichever of these topics has most, all of which exist.
    public static int mostPartitions(Admin admin, Collection<String> topics) {
        Map<String, TopicDescription> described =
                Answers.of(admin.describeTopics(topics).allTopicNames(), "to describe " + topics);
        return described.values().stream()
                .mapToInt(topic -> topic.partitions().size())
                .max()
                .orElseThrow();
    }

    static List<TopicPartition> partitions(TopicDescription topic) {
        return topic.partitions().stream()
                .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                .toList();
    }

    private static Map<TopicPartition, OffsetAndMetadata> logStarts(
            Admin admin, List<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, OffsetSpec.earliest()));
        Map<TopicPartition, ListOffsetsResultInfo> starts =
                Answers.of(admin.listOffsets(asked).all(), "for the start of " + partitions);
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        starts.forEach((partition, start) ->
                positions.put(partition, new OffsetAndMetadata(start.offset())));
        return positions;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a group", e);
        }
    }
}
