package rlaif.topics;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/// Whether a connection's cluster and registry answer, asked before anything is started on them.
public final class Reachability {
    static final Duration PATIENCE = Duration.ofSeconds(12);

    private Reachability() {}

    /// Asks both at once; returns when both have answered.
    ///
    /// @throws ClusterUnreachableException within 15 seconds, naming which did not answer, and what
    ///   was tried
    public static void require(Connection connection) {
        require(connection, PATIENCE);
    }

    static void require(Connection connection, Duration patience) {
        connection.bootstrapServers();
        connection.registryUrl();
        ExecutorService threads =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofPlatform().daemon().name("reachability-", 0).factory());
        try {
            Future<Void> cluster = threads.submit(() -> askCluster(connection, patience));
            Future<Void> registry = threads.submit(() -> askRegistry(connection));
            long deadline = System.nanoTime() + patience.plusSeconds(1).toNanos();
            await(
                    cluster,
                    deadline,
                    patience,
                    "Kafka at kafka.bootstrap.servers=" + connection.bootstrapServers());
            await(
                    registry,
                    deadline,
                    patience,
                    "the schema registry at schema.registry.url=" + connection.registryUrl());
        } finally {
            threads.shutdownNow();
        }
    }

    private static Void askCluster(Connection connection, Duration patience) {
        try (Admin admin = connection.openAdmin()) {
            DescribeClusterOptions options =
                    new DescribeClusterOptions().timeoutMs((int) patience.toMillis());
            Answers.of(admin.describeCluster(options).nodes(), "for its nodes");
            return null;
        } catch (ClusterUnreachableException e) {
            throw new ClusterUnreachableException(
                    "Kafka at kafka.bootstrap.servers=%s did not give its nodes within %d s: %s"
                            .formatted(
                                    connection.bootstrapServers(),
                                    patience.toSeconds(),
                                    Registry.rootMessage(e)),
                    e);
        }
    }

    private static Void askRegistry(Connection connection) {
        SchemaRegistryClient registry = Registry.open(connection);
        try {
            registry.getLatestSchemaMetadata(Registry.subject(connection.name(Topic.PROMPTS)));
        } catch (RestClientException e) {
            if (Registry.isOutage(e)) {
                throw Registry.unreachable(connection, e);
            }
        } catch (IOException e) {
            throw Registry.unreachable(connection, e);
        } finally {
            Registry.close(registry);
        }
        return null;
    }

    private static void await(Future<Void> answer, long deadline, Duration patience, String asked) {
        try {
            answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new ClusterUnreachableException(
                    "%s did not answer within %d s".formatted(asked, patience.toSeconds()), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("asking " + asked, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking " + asked, e);
        }
    }
}
