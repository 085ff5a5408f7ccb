package rlaif.benchmarks.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;

/// The full demo with one seed: the command itself, timed and weighed from outside.
final class SeededDemo implements Benchmark.Part {
    private static final double MEBIBYTE = 1 << 20;
    private static final int SHOWN_LINES = 20;

    private final long seed;

    SeededDemo(long seed) {
        this.seed = seed;
    }

    @Override
    public String name() {
        return "seed-" + seed;
    }

    @Override
    public List<Figure> measure(Bench bench) throws IOException, InterruptedException {
        Path out = bench.folder().resolve("demo.out");
        Path err = bench.folder().resolve("demo.err");
        ProcessBuilder builder =
                new ProcessBuilder(
                                bench.home().resolve("rlaif").toString(),
                                "demo",
                                "--seed",
                                Long.toString(seed),
                                "--data",
                                bench.folder().resolve("data").toString(),
                                "--json")
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().put("RLAIF_BUILD", "no"); // what is measured is what runs this
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        long begun = System.nanoTime();
        Process demo = builder.start();
        ProcessMemory memory = new ProcessMemory(demo.toHandle());
        try {
            int seconds = 0;
            while (!demo.waitFor(1, TimeUnit.SECONDS)) {
                memory.read();
                if (++seconds % 10 == 0) {
                    bench.say(last(err));
                }
            }
        } finally {
            end(demo);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        if (demo.exitValue() != 0) {
            List<String> lines = Files.readAllLines(err);
            throw new IllegalStateException(
                    "the demo ended with code %d:%n%s"
                            .formatted(
                                    demo.exitValue(),
                                    String.join(
                                            "\n",
                                            lines.subList(
                                                    Math.max(0, lines.size() - SHOWN_LINES),
                                                    lines.size()))));
        }
        JsonNode result = new ObjectMapper().readTree(last(out));
        return DemoFigures.of(name(), result, seconds, memory.mostBytes() / MEBIBYTE);
    }

    private static String last(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.isEmpty() ? "starting" : lines.getLast();
    }

    /// A demo that is asked to stop ends its registry too.
    private static void end(Process demo) throws InterruptedException {
        demo.destroy();
        if (!demo.waitFor(30, TimeUnit.SECONDS)) {
            demo.destroyForcibly();
        }
    }
}
