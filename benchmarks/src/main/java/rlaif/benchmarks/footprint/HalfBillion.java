package rlaif.benchmarks.footprint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;

/// SFT steps on adapters of a model of Qwen2.5 0.5B's shape with random weights, in a process of
/// their own.
final class HalfBillion implements Benchmark.Part {
    private static final double MEBIBYTE = 1 << 20;

    @Override
    public String name() {
        return "half-billion";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        bench.say("a model of 494M random weights, adapters of rank 16, two steps");
        JsonNode seen = new ObjectMapper().readTree(run(bench));
        double weights = seen.path("weightBytes").asDouble();
        double peak = seen.path("peakBytes").asDouble();
        return List.of(
                Figure.reported("weights of the model", weights / MEBIBYTE, "MiB"),
                Figure.reported(
                        "weights, gradient and two moments, were every weight trained",
                        4 * weights / MEBIBYTE,
                        "MiB"),
                Figure.reported("most memory of the process", peak / MEBIBYTE, "MiB"),
                Figure.reported(
                        "share of the weights that are trained",
                        100 * seen.path("trained").asDouble() / seen.path("parameters").asDouble(),
                        "%"),
                Figure.atMost(
                        "padding of a step's parts",
                        100 * seen.path("padding").asDouble(),
                        "%",
                        10),
                Figure.reported("parts of a step", seen.path("parts").asDouble(), ""),
                Figure.reported(
                        "tokens a second of a step",
                        seen.path("tokensPerSecond").asDouble(),
                        "tok/s"));
    }

    /// The line that the process ends with.
    private static String run(Bench bench) throws IOException, InterruptedException {
        Path log = Files.createDirectories(bench.folder()).resolve("footprint.log");
        Process process =
                new ProcessBuilder(
                                bench.java().toString(),
                                "-Xmx512m",
                                "-XX:MaxDirectMemorySize=64m",
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                AdapterSteps.class.getName())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        int code = process.waitFor();
        List<String> lines = Files.readAllLines(log);
        if (code != 0 || lines.isEmpty()) {
            throw new IllegalStateException(
                    "the training process ended with code %d:%n%s"
                            .formatted(code, String.join("\n", lines)));
        }
        return lines.getLast();
    }
}
