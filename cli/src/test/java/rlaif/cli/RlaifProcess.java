package rlaif.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The `rlaif` command in a process of its own, with its output in files.
final class RlaifProcess implements AutoCloseable {
    private final Process process;
    private final Path out;
    private final Path err;

    private RlaifProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static RlaifProcess start(Path folder, List<String> arguments) throws IOException {
        return start(folder, Map.of(), arguments);
    }

    static RlaifProcess start(Path folder, Map<String, String> environment, List<String> arguments)
            throws IOException {
        Files.createDirectories(folder);
        Path out = Files.createTempFile(folder, "rlaif", ".out");
        Path err = Files.createTempFile(folder, "rlaif", ".err");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx1g",
                                "-XX:MaxDirectMemorySize=256m",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-XX:+UseCompactObjectHeaders",
                                "-XX:-UsePerfData",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Drlaif.registry.home="
                                        + System.getProperty("rlaif.registry.home"),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "rlaif.cli.Main"));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment()
                .putAll(
                        Map.of(
                                "OPT_OUT_TRACKING", "true",
                                "DJL_OFFLINE", "true",
                                "OMP_WAIT_POLICY", "passive",
                                "MALLOC_ARENA_MAX", "2",
                                "MALLOC_MMAP_THRESHOLD_", "33554432",
                                "MALLOC_TRIM_THRESHOLD_", "134217728"));
        builder.environment().putAll(environment);
        return new RlaifProcess(builder.start(), out, err);
    }

    /// Runs one command to its end.
    static RlaifProcess run(Path folder, Duration longest, String... arguments)
            throws IOException, InterruptedException {
        RlaifProcess process = start(folder, List.of(arguments));
        process.await(longest);
        return process;
    }

    RlaifProcess await(Duration longest) throws InterruptedException, IOException {
        if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            close();
            throw new AssertionError("still running after " + longest + ": " + err());
        }
        return this;
    }

    /// Waits for a line on stdout that starts so, and returns the rest of it.
    String awaitLine(String start, Duration longest) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(longest);
        while (Instant.now().isBefore(deadline)) {
            for (String line : Files.readAllLines(out)) {
                if (line.startsWith(start)) {
                    return line.substring(start.length());
                }
            }
            if (!process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + ": " + err());
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no line '" + start + "' within " + longest + ": " + err());
    }

    int exitCode() {
        return process.exitValue();
    }

    String out() throws IOException {
        return Files.readString(out);
    }

    String lastLine() throws IOException {
        return Files.readAllLines(out).getLast();
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    /// kill -9.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /// Asks it to stop, as Ctrl-C does, and waits until it has.
    void stop(Duration longest) throws IOException, InterruptedException {
        process.destroy();
        await(longest);
    }

    /// Asks it to stop, and kills it where it does not.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
