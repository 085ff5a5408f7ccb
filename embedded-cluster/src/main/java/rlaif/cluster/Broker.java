package rlaif.cluster;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/// A Kafka broker, and the controller of its one-node quorum, in this JVM.
final class Broker implements AutoCloseable {
    private static final int NODE_ID = 1;
    private static final String HOST = "127.0.0.1";

    private final int port;
    private final KafkaRaftServer server;

    private Broker(int port, KafkaRaftServer server) {
        this.port = port;
        this.server = server;
    }

    /// Starts on what lies in `directory`, or on nothing; returns when the broker serves.
    static Broker start(Path directory, int port) {
        int controllerPort = Ports.claim("controller", 0);
        KafkaRaftServer server = null;
        try {
            if (!Files.exists(directory.resolve("meta.properties"))) {
                format(directory);
            }
            server =
                    new KafkaRaftServer(
                            new KafkaConfig(settings(directory, port, controllerPort), false),
                            Time.SYSTEM);
            server.startup();
            return new Broker(port, server);
        } catch (Exception e) {
            if (server != null) {
                server.shutdown();
            }
            throw new ClusterStartException(
                    "the Kafka broker on %s:%d with its log in %s did not start: %s"
                            .formatted(HOST, port, directory, e),
                    e);
        }
    }

    /// Formats beside the directory and renames, so that a kill leaves none half formatted.
    private static void format(Path directory) throws Exception {
        Path made = directory.resolveSibling(directory.getFileName() + ".new");
        Folders.remove(made);
        Folders.remove(directory);
        Files.createDirectories(made);
        new Formatter()
                .setPrintStream(
                        new PrintStream(
                                OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .setDirectories(List.of(made.toString()))
                .setMetadataLogDirectory(made.toString())
                .setControllerListenerName("CONTROLLER")
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setIgnoreFormatted(true)
                .run();
        Files.move(made, directory, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Map<String, String> settings(Path directory, int port, int controllerPort) {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE_ID));
        settings.put(
                "listeners",
                "PLAINTEXT://%s:%d,CONTROLLER://%s:%d".formatted(HOST, port, HOST, controllerPort));
        settings.put("advertised.listeners", "PLAINTEXT://%s:%d".formatted(HOST, port));
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put(
                "controller.quorum.voters", "%d@%s:%d".formatted(NODE_ID, HOST, controllerPort));
        settings.put("log.dirs", directory.toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("default.replication.factor", "1");
        for (String internal : List.of("offsets.topic", "transaction.state.log")) {
            settings.put(internal + ".replication.factor", "1");
            settings.put(internal + ".num.partitions", "4");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "4");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        // A directory may rest for longer than a group's positions are kept by default.
        settings.put("offsets.retention.minutes", Integer.toString(Integer.MAX_VALUE));
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.streams.initial.rebalance.delay.ms", "0");
        // After kill -9 the next start waits until the killed broker's session has ended.
        settings.put("broker.session.timeout.ms", "1500");
        settings.put("broker.heartbeat.interval.ms", "250");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("num.recovery.threads.per.data.dir", "2");
        settings.put("log.cleaner.dedupe.buffer.size", "8388608");
        settings.put("log.cleaner.io.buffer.size", "131072");
        return settings;
    }

    String bootstrapServers() {
        return HOST + ":" + port;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
