package rlaif.benchmarks.trainers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import rlaif.benchmarks.Bench;

/// The same arithmetic in Python's PyTorch, in a process of its own that does what it is told.
final class Twin implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    /// What is said where there is no twin.
    static final String ABSENT =
            "skipped: no PyTorch beside us; install Debian's python3-torch, python3-numpy and"
                    + " libopenblas0-pthread";

    private static final List<String> PYTHONS = List.of("/usr/bin/python3", "python3");

    private final Process process;
    private final BufferedWriter orders;
    private final BufferedReader replies;
    private final Path log;

    private Twin(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
        this.replies = process.inputReader(StandardCharsets.UTF_8);
    }

    /// A twin that computes with this many threads; empty where no Python here has PyTorch.
    static Optional<Twin> start(Bench bench, int threads) throws IOException, InterruptedException {
        Optional<String> python = python();
        if (python.isEmpty()) {
            return Optional.empty();
        }
        Path script = bench.folder().resolve("twin.py");
        if (!Files.exists(script)) {
            try (InputStream in = Twin.class.getResourceAsStream("twin.py")) {
                Files.copy(Objects.requireNonNull(in, "twin.py is not in the jar"), script);
            }
        }
        Path log = bench.folder().resolve("twin-" + System.nanoTime() + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(python.get(), "-u", script.toString(), Integer.toString(threads))
                        .redirectError(log.toFile());
        // It runs as Python is started anywhere; how the C library allocates is set for us alone.
        builder.environment().keySet().removeIf(name -> name.startsWith("MALLOC_"));
        Process process = builder.start();
        Twin twin = new Twin(process, log);
        twin.ask(order("hello"));
        return Optional.of(twin);
    }

    private static Optional<String> python() throws InterruptedException {
        for (String python : PYTHONS) {
            if (hasTorch(python)) {
                return Optional.of(python);
            }
        }
        return Optional.empty();
    }

    private static boolean hasTorch(String python) throws InterruptedException {
        try {
            return new ProcessBuilder(python, "-c", "import numpy, torch")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    /// An order of one word, to be filled.
    static ObjectNode order(String word) {
        return JSON.createObjectNode().put("do", word);
    }

    /// Has an order done.
    JsonNode ask(ObjectNode order) throws IOException {
        orders.write(order.toString());
        orders.newLine();
        orders.flush();
        String reply = replies.readLine();
        if (reply == null) {
            throw new IllegalStateException(
                    "the twin ended at '%s':%n%s"
                            .formatted(order.path("do").asText(), Files.readString(log)));
        }
        return JSON.readTree(reply);
    }

    @Override
    public void close() {
        try {
            orders.close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
