package rlaif.benchmarks.resume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import rlaif.benchmarks.Bench;
import rlaif.topics.Connection;

/// A {@link TrainerMain} that can be killed, paused and woken.
final class TrainerProcess implements AutoCloseable {
    static final int TRANSACTION_TIMEOUT_MILLIS = 2_000;
    private static final int LONGEST_SECONDS = 600;

    private final Process process;
    private final Path log;

    private TrainerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static Connection connection(String servers, String registry, String prefix) {
        return new Connection(
                Map.of(
                        "kafka.bootstrap.servers",
                        servers,
                        "schema.registry.url",
                        registry,
                        "kafka.producer.transaction.timeout.ms",
                        Integer.toString(TRANSACTION_TIMEOUT_MILLIS)),
                prefix);
    }

    static TrainerProcess start(Bench bench, Trainer trainer, RecordedLog recorded)
            throws IOException {
        Path log = bench.folder().resolve("trainer-" + System.nanoTime() + ".log");
        Process process =
                new ProcessBuilder(
                                bench.java().toString(),
                                "-Xmx512m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-DOPT_OUT_TRACKING=true",
                                "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=rlaif.events",
                                "-cp",
                                System.getProperty("java.class.path"),
                                TrainerMain.class.getName(),
                                trainer.name(),
                                recorded.connection().bootstrapServers(),
                                recorded.connection().registryUrl(),
                                recorded.connection().prefix(),
                                recorded.store().toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        return new TrainerProcess(process, log);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Ends it as `kill -9` does.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /// Lets it rest, not knowing that it does.
    void pause() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void wake() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
    }

    /// Its exit code.
    ///
    /// @throws IllegalStateException if it is at work after `seconds`
    int awaitEnd(long seconds) throws InterruptedException, IOException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    "a trainer is at work after " + seconds + " s:\n" + said());
        }
        return process.exitValue();
    }

    /// Waits until it has ended with its last version.
    void requireEnd() throws InterruptedException, IOException {
        int exit = awaitEnd(LONGEST_SECONDS);
        if (exit != 0) {
            throw new IllegalStateException(
                    "a trainer ended with code %d:%n%s".formatted(exit, said()));
        }
    }

    /// The end of what it has written.
    String said() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
