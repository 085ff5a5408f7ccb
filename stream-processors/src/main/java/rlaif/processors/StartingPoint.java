package rlaif.processors;

import java.util.Collection;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import rlaif.topics.Connection;
import rlaif.topics.StartPositions;
import rlaif.topics.Topic;

/// The positions from which an application reads on its first start.
final class StartingPoint {
    private StartingPoint() {}

    /// The start of each topic.
    static void atLogStart(Connection connection, String group, Collection<Topic> topics) {
        try (Admin admin = connection.openAdmin()) {
            StartPositions.ensure(admin, group, topics.stream().map(connection::name).toList());
        } catch (UnknownTopicOrPartitionException e) {
            throw new IllegalStateException(
                    "%s: a topic that it reads is missing; run `rlaif topics apply`: %s"
                            .formatted(group, e.getMessage()),
                    e);
        }
    }
}
