package rlaif.processors;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import rlaif.events.Checkpoint;
import rlaif.events.OffsetRange;
import rlaif.topics.ClusterUnreachableException;
import rlaif.topics.Connection;
import rlaif.topics.StartPositions;
import rlaif.topics.Topic;

/// Where scoring begins: at the offsets of `rollouts` that the first reward model named; what lies
/// before them stays unscored.
final class ScoreFrom {
    private ScoreFrom() {}

    /// Commits those offsets if the group has no positions yet.
    static void ensure(Connection connection, String group, Checkpoint firstRewardModel) {
        String topic = connection.name(Topic.ROLLOUTS);
        try (Admin admin = connection.openAdmin()) {
            if (!hasPositions(admin, group, topic)) {
                Map<TopicPartition, OffsetAndMetadata> from =
                        positions(admin, topic, firstRewardModel.getScoreFrom());
                if (!from.isEmpty()) {
                    admin.alterConsumerGroupOffsets(group, from).all().get();
                    return;
                }
            }
            StartPositions.ensure(admin, group, List.of(topic)); // all there, or all at the start
        } catch (ExecutionException e) {
            throw new ClusterUnreachableException(
                    "the start of %s in %s was to be set: %s".formatted(group, topic, e.getCause()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while setting the start of " + group, e);
        }
    }

    private static boolean hasPositions(Admin admin, String group, String topic)
            throws ExecutionException, InterruptedException {
        return admin
                .listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .entrySet()
                .stream()
                .anyMatch(e -> e.getKey().topic().equals(topic) && e.getValue() != null);
    }

    /// The named offsets, or the log start where that is later; the log start for partitions not
    /// named.
    private static Map<TopicPartition, OffsetAndMetadata> positions(
            Admin admin, String topic, List<OffsetRange> scoreFrom)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (TopicDescription described :
                admin.describeTopics(List.of(topic)).allTopicNames().get().values()) {
            for (TopicPartitionInfo partition : described.partitions()) {
                asked.put(
                        new TopicPartition(described.name(), partition.partition()),
                        OffsetSpec.earliest());
            }
        }
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        admin.listOffsets(asked)
                .all()
                .get()
                .forEach((partition, start) ->
                        positions.put(
                                partition,
                                new OffsetAndMetadata(
                                        Math.max(start.offset(), named(scoreFrom, partition)))));
        return positions;
    }

    private static long named(List<OffsetRange> scoreFrom, TopicPartition partition) {
        return scoreFrom.stream()
                .filter(range ->
                        range.getTopic().equals(partition.topic())
                                && range.getPartition() == partition.partition())
                .mapToLong(OffsetRange::getFrom)
                .findFirst()
                .orElse(0);
    }
}
