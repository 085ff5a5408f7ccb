package rlaif.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Prompt;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Layout;
import rlaif.topics.Topic;
import rlaif.topics.TopicPlan;

final class EmbeddedClusterTest {
    @TempDir private Path directory;

    private static void write(Connection connection, String... texts) {
        try (Codecs codecs = new Codecs(connection);
                KafkaProducer<byte[], byte[]> producer = connection.openProducer(Map.of())) {
            Codec<Prompt> codec = codecs.codec(Topic.PROMPTS);
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (String text : texts) {
                byte[] value = codec.encode(Prompt.newBuilder().setText(text).build());
                sent.add(
                        producer.send(
                                new ProducerRecord<>(
                                        connection.name(Topic.PROMPTS), 0, null, value)));
            }
            producer.flush();
            sent.forEach(Future::resultNow);
        }
    }

    private static List<String> read(Connection connection) {
        TopicPartition partition = new TopicPartition(connection.name(Topic.PROMPTS), 0);
        try (Codecs codecs = new Codecs(connection);
                KafkaConsumer<byte[], byte[]> consumer = connection.openConsumer(Map.of())) {
            Codec<Prompt> codec = codecs.codec(Topic.PROMPTS);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records.stream().map(record -> codec.decode(record.value()).getText()).toList();
        }
    }

    private static void apply(Connection connection) {
        try (Admin admin = connection.openAdmin()) {
            TopicPlan.compare(admin, connection, Layout.EMBEDDED).apply();
        }
    }

    private long registryPid() throws IOException {
        return Long.parseLong(Files.readString(directory.resolve("registry/pid")).strip());
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    @Test
    void whatWasWrittenSurvivesKillAndRestartAndNoRegistryIsLeftBehind() throws IOException {
        long leftover;
        try (ClusterProcess killed = ClusterProcess.start(directory)) {
            Connection connection = Connection.to(killed.bootstrapServers(), killed.registryUrl());
            apply(connection);
            write(connection, "before", "the kill");
            leftover = registryPid();

            assertThatThrownBy(() -> EmbeddedCluster.start(directory, _ -> {}))
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessageContaining(
                            "the data directory %s is in use by process %d"
                                    .formatted(directory, killed.pid()));
            killed.kill();
        }
        assertThat(isAlive(leftover)).isTrue();

        try (EmbeddedCluster restarted = EmbeddedCluster.start(directory, _ -> {})) {
            assertThat(isAlive(leftover)).isFalse();
            Connection connection =
                    Connection.to(restarted.bootstrapServers(), restarted.registryUrl());
            assertThat(read(connection)).containsExactly("before", "the kill");
            write(connection, "and after");
            assertThatThrownBy(() -> EmbeddedCluster.start(directory, _ -> {}))
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
        }
        assertThat(directory.resolve("registry/pid")).doesNotExist();
        assertThat(ProcessHandle.current().children()).isEmpty();

        try (ClusterProcess again = ClusterProcess.start(directory)) {
            assertThat(read(Connection.to(again.bootstrapServers(), again.registryUrl())))
                    .containsExactly("before", "the kill", "and after");
            ProcessHandle registry = ProcessHandle.of(registryPid()).orElseThrow();
            assertThat(again.giveUp()).isEqualTo(4);
            assertThat(registry.onExit()).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void aStrangerWithTheLeftoversProcessIdIsLeftAlone() throws IOException, InterruptedException {
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            Path pidFile = directory.resolve("pid");
            Files.writeString(pidFile, Long.toString(stranger.pid()));
            LeftoverProcess.end(pidFile, "-Drlaif.registry.directory=" + directory);
            assertThat(stranger.isAlive()).isTrue();
            assertThat(pidFile).doesNotExist();
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    void aDirectoryOfAnotherVersionIsRefusedAndReleased() throws IOException {
        Files.writeString(directory.resolve("format"), "rlaif data directory, format 99\n");
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> EmbeddedCluster.start(directory, _ -> {}))
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessageContaining(
                            "is of another version (`rlaif data directory, format 99`");
        }
    }

    @Test
    void aDirectoryThatSomeoneElseMadeIsRefused() throws IOException {
        Files.createDirectories(directory.resolve("kafka"));
        assertThatThrownBy(() -> EmbeddedCluster.start(directory, _ -> {}))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("rlaif did not make it");
    }

    @Test
    void aFileInTheDirectorysPlaceIsRefused() throws IOException {
        Path file = directory.resolve("file");
        Files.writeString(file, "", StandardCharsets.UTF_8);
        assertThatThrownBy(() -> EmbeddedCluster.start(file, _ -> {}))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("the data directory " + file + " cannot be used");
    }

    @Test
    void aTakenPortIsNamedAndTheDirectoryReleased() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            for (Ports ports : List.of(new Ports(port, 0), new Ports(0, port))) {
                assertThatThrownBy(() -> EmbeddedCluster.start(directory, ports, _ -> {}))
                        .isInstanceOf(ClusterStartException.class)
                        .hasMessageContaining("port " + port)
                        .hasMessageContaining("is taken by another program");
            }
        }
        try (DataDirectory data = DataDirectory.open(directory)) {
            assertThat(data.root()).isEqualTo(directory);
        }
    }

    @Test
    void portsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new Ports(70_000, 0)).hasMessageContaining("not 70000");
        assertThatThrownBy(() -> new Ports(0, -1)).hasMessageContaining("not -1");
        assertThatThrownBy(() -> new Ports(9092, 9092)).hasMessageContaining("9092");
    }
}
