package rlaif.benchmarks.judge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import rlaif.benchmarks.Bench;
import rlaif.topics.Connection;

/// A judge stage in a JVM of its own, which can be killed.
final class StageProcess implements AutoCloseable {
    private final Process process;
    private final Path log;

    private StageProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /// Starts it; its state stays in the benchmark's folder, so that a later one goes on.
    static StageProcess start(Bench bench, Connection connection, StageOptions options)
            throws IOException {
        Path log = bench.folder().resolve("stage-" + System.nanoTime() + ".log");
        List<String> command = new ArrayList<>();
        command.add(bench.java().toString());
        command.addAll(
                List.of(
                        "-Xmx" + options.heapMebibytes() + "m",
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "-XX:-UsePerfData",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=rlaif.events",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StageMain.class.getName(),
                        connection.bootstrapServers(),
                        connection.registryUrl(),
                        bench.folder().resolve("state").toString()));
        command.addAll(options.arguments());
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        return new StageProcess(process, log);
    }

    /// Fails with the end of its log where it has stopped.
    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            List<String> lines = Files.readAllLines(log);
            throw new IllegalStateException(
                    "the judge stage ended with code %d:%n%s"
                            .formatted(
                                    process.exitValue(),
                                    String.join(
                                            "\n",
                                            lines.subList(
                                                    Math.max(0, lines.size() - 20),
                                                    lines.size()))));
        }
    }

    /// Bytes of heap after collections, one reading a second.
    List<Long> heap() throws IOException {
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.startsWith(HeapReport.PREFIX))
                    .map(line -> Long.valueOf(line.substring(HeapReport.PREFIX.length())))
                    .toList();
        }
    }

    /// Ends it as `kill -9` does.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
