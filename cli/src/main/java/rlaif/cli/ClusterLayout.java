package rlaif.cli;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.topics.ClusterUnreachableException;
import rlaif.topics.Connection;
import rlaif.topics.Layout;
import rlaif.topics.Topic;

/// How topics are, or will be, spread over a cluster that was given.
final class ClusterLayout {
    private static final long LONGEST_SECONDS = 10;

    private ClusterLayout() {}

    /// What is configured; else what the topics have; else the default, with no more replicas than
    /// there are brokers.
    static Layout of(
            Configuration configuration,
            ClusterSettings settings,
            Connection connection,
            Admin admin) {
        try {
            int brokers =
                    admin.describeCluster().nodes().get(LONGEST_SECONDS, TimeUnit.SECONDS).size();
            int partitions = settings.partitions();
            int replication =
                    configuration.isSet(Key.TOPICS_REPLICATION)
                            ? settings.replication()
                            : Math.min(settings.replication(), brokers);
            String rollouts = connection.name(Topic.ROLLOUTS);
            if (admin.listTopics()
                    .names()
                    .get(LONGEST_SECONDS, TimeUnit.SECONDS)
                    .contains(rollouts)) {
                TopicDescription there =
                        admin.describeTopics(List.of(rollouts))
                                .allTopicNames()
                                .get(LONGEST_SECONDS, TimeUnit.SECONDS)
                                .values()
                                .iterator()
                                .next();
                if (!configuration.isSet(Key.TOPICS_PARTITIONS)) {
                    partitions = there.partitions().size();
                }
                if (!configuration.isSet(Key.TOPICS_REPLICATION)) {
                    replication = there.partitions().getFirst().replicas().size();
                }
            }
            return new Layout(partitions, (short) replication);
        } catch (TimeoutException | ExecutionException unreachable) {
            throw new ClusterUnreachableException(
                    "no Kafka broker answers at kafka.bootstrap.servers="
                            + connection.bootstrapServers()
                            + " within "
                            + LONGEST_SECONDS
                            + " s: start it, or correct the address",
                    unreachable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.DEPENDENCY, "interrupted while asking the cluster");
        }
    }
}
