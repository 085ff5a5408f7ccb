package rlaif.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import rlaif.cli.config.Key;
import rlaif.topics.ClusterUnreachableException;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// The prefixes under which a cluster holds streams; empty: the one without a prefix.
record StreamPrefixes(Set<String> prefixes) {
    private static final List<String> NAMES =
            Stream.of(Topic.values()).map(new Connection(Map.of(), "")::name).toList();

    StreamPrefixes {
        prefixes = Set.copyOf(prefixes);
    }

    static StreamPrefixes of(Connection connection) {
        try (Admin admin = connection.openAdmin()) {
            return new StreamPrefixes(
                    admin.listTopics().names().get().stream()
                            .flatMap(name -> prefix(name).stream())
                            .collect(Collectors.toSet()));
        } catch (ExecutionException e) {
            throw new ClusterUnreachableException(
                    "the cluster was asked for its topics: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while listing topics", e);
        }
    }

    /// Of a topic of ours; empty: it is none.
    private static Optional<String> prefix(String topic) {
        return NAMES.stream()
                .filter(name -> topic.equals(name) || topic.endsWith("." + name))
                .map(name -> topic.substring(0, Math.max(0, topic.length() - name.length() - 1)))
                .findFirst();
    }

    /// Fails where there is no stream under a prefix: nothing would be found, and nothing missed.
    void require(String prefix) {
        if (prefixes.contains(prefix)) {
            return;
        }
        String others =
                prefixes.isEmpty()
                        ? "nor any other: name another cluster with -b, or another directory with --data"
                        : "but there is %s: name the run's settings with --config, or its prefix with -X %s"
                                .formatted(
                                        new TreeSet<>(prefixes)
                                                .stream()
                                                        .map(StreamPrefixes::named)
                                                        .collect(Collectors.joining(", ")),
                                        Key.TOPICS_PREFIX.key() + "=PREFIX");
        throw new Failure(
                ExitCode.CONFIGURATION,
                "there is no stream %s here, %s".formatted(named(prefix), others));
    }

    private static String named(String prefix) {
        return prefix.isEmpty()
                ? "without a prefix"
                : "with %s '%s'".formatted(Key.TOPICS_PREFIX.key(), prefix);
    }
}
