package rlaif.benchmarks.trainers;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import rlaif.benchmarks.Bench;

/// A measurement in a JVM of its own, whose memory is nobody else's; its last line is JSON.
final class Child {
    private static final String HEAP = "192m";

    private Child() {}

    /// Runs a class's `main` to its end.
    ///
    /// @param javaOptions beside those that every child has
    static JsonNode run(Bench bench, Class<?> main, String... javaOptions)
            throws IOException, InterruptedException {
        Files.createDirectories(bench.folder());
        Path log = bench.folder().resolve(main.getSimpleName() + ".log");
        List<String> command = new ArrayList<>(List.of(bench.java().toString()));
        command.addAll(
                List.of(
                        "-Xms" + HEAP,
                        "-Xmx" + HEAP,
                        "-XX:MaxDirectMemorySize=64m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "-XX:-UsePerfData",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of(javaOptions));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(
                    "%s ended with code %d:%n%s"
                            .formatted(
                                    main.getSimpleName(),
                                    process.exitValue(),
                                    Files.readString(log)));
        }
        return Twin.JSON.readTree(out.strip().lines().reduce((_, last) -> last).orElse("{}"));
    }
}
