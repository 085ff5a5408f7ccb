package rlaif.cli;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.topics.ClusterUnreachableException;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// The topics of another prefix that a replay labels anew.
final class ReplaySource {
    private static final int LONGEST_SECONDS = 15;

    private ReplaySource() {}

    /// Fails where one of them is missing: none can be made for a prefix that nothing was judged
    /// under.
    static void require(Connection connection, String prefix) {
        Connection read = new Connection(connection.settings(), prefix);
        Set<String> missing = new TreeSet<>();
        for (Topic topic : Set.of(Topic.JUDGMENTS, Topic.HUMAN_LABELS)) {
            missing.add(read.name(topic));
        }
        missing.removeAll(present(read));
        if (!missing.isEmpty()) {
            throw new ConfigurationException(
                    "%s is '%s', and there is no topic %s: correct it to the topics.prefix that the judgments were made under, or a single dot where that was none"
                            .formatted(
                                    Key.LABELS_READ_PREFIX.key(),
                                    prefix.isEmpty() ? "." : prefix,
                                    String.join(" and no topic ", missing)));
        }
    }

    private static Set<String> present(Connection connection) {
        try (Admin admin = connection.openAdmin()) {
            return admin.listTopics().names().get(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException unanswered) {
            throw new ClusterUnreachableException(
                    "the Kafka cluster was asked for its topics and did not answer: "
                            + unanswered.getMessage(),
                    unanswered);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.DEPENDENCY, "interrupted while asking the cluster");
        }
    }
}
