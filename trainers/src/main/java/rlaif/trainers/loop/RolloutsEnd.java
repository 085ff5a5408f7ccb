package rlaif.trainers.loop;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import rlaif.events.OffsetRange;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// Where `rollouts` ends now, transactions in progress left out.
public record RolloutsEnd(Connection connection) {

    /// One range a partition in ascending order, `from` the end offset and `to` open.
    public List<OffsetRange> ranges() {
        String topic = connection.name(Topic.ROLLOUTS);
        try (Admin admin = connection.openAdmin()) {
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            for (TopicDescription description :
                    admin.describeTopics(List.of(topic)).allTopicNames().get().values()) {
                description
                        .partitions()
                        .forEach(p ->
                                latest.put(
                                        new TopicPartition(topic, p.partition()),
                                        OffsetSpec.latest()));
            }
            List<OffsetRange> ranges = new ArrayList<>();
            admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all()
                    .get()
                    .forEach((partition, end) ->
                            ranges.add(
                                    new OffsetRange(
                                            topic, partition.partition(), end.offset(), -1L)));
            ranges.sort(Comparator.comparingInt(OffsetRange::getPartition));
            return ranges;
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot read where " + topic + " ends", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while reading where " + topic + " ends", e);
        }
    }
}
