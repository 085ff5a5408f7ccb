package rlaif.trainers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import rlaif.topics.Connection;
import rlaif.trainers.loop.Pace;

/// A PPO trainer on a test's stream in a process of its own, to be killed.
final class PpoProcess implements AutoCloseable {
    private final Process process;

    private PpoProcess(Process process) {
        this.process = process;
    }

    /// @param arguments bootstrap servers, registry URL, prefix, folder, last version
    public static void main(String[] arguments) {
        Connection connection =
                new Connection(
                        Map.of(
                                "kafka.bootstrap.servers",
                                arguments[0],
                                "schema.registry.url",
                                arguments[1]),
                        arguments[2]);
        try (TestStream stream = new TestStream(connection, Path.of(arguments[3]))) {
            TestPpo.trainer(stream, Long.parseLong(arguments[4]), Pace.deterministic()).run();
        }
    }

    static PpoProcess start(TestStream stream, long lastVersion) throws IOException {
        return new PpoProcess(
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx256m",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=rlaif.events",
                                "-cp",
                                System.getProperty("java.class.path"),
                                PpoProcess.class.getName(),
                                stream.connection.bootstrapServers(),
                                stream.connection.registryUrl(),
                                stream.connection.prefix(),
                                stream.folder.toString(),
                                Long.toString(lastVersion))
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        stream.folder.resolve("process.log").toFile()))
                        .start());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Ends it as `kill -9` does.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
