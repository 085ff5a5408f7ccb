package rlaif.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Benchmarks;
import rlaif.benchmarks.Figure;
import rlaif.benchmarks.Machine;
import rlaif.benchmarks.Report;

/// Runs a benchmark: every figure that is claimed, measured again.
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description =
                "Measure what is claimed: bench list names the benchmarks, bench NAME runs one.",
        footer = {
            "",
            "Exit code 5: a figure does not reach what it must.",
            "",
            "  rlaif bench list [--json]",
            "  rlaif bench judge --json",
            "  rlaif bench judge --only throughput"
        })
final class BenchCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "list, or the name of a benchmark.")
    private String name = "";

    @Option(names = "--json", description = "One object, last on stdout.")
    private boolean json;

    @Option(
            names = "--only",
            paramLabel = "PART",
            split = ",",
            description = "Only these parts of it.")
    private List<String> only = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (name.equals("list")) {
            if (json) {
                out.println(listed());
            } else {
                list(out);
            }
            out.flush();
            return ExitCode.OK;
        }
        Benchmark benchmark =
                Benchmarks.named(name)
                        .orElseThrow(() ->
                                new ParameterException(
                                        spec.commandLine(),
                                        "no benchmark '%s': there are %s"
                                                .formatted(
                                                        name,
                                                        Benchmarks.all().stream()
                                                                .map(Benchmark::name)
                                                                .toList())));
        Report report = measure(benchmark, chosen(benchmark));
        out.println(json ? report.toJson() : report.toText());
        out.flush();
        return report.holds() ? ExitCode.OK : ExitCode.VERIFICATION;
    }

    private static void list(PrintWriter out) {
        for (Benchmark benchmark : Benchmarks.all()) {
            out.printf("%-12s %s%n", benchmark.name(), benchmark.about());
            out.printf(
                    "%-12s parts: %s%n",
                    "",
                    String.join(
                            ", ", benchmark.parts().stream().map(Benchmark.Part::name).toList()));
        }
    }

    private static ObjectNode listed() {
        ObjectNode listed = new ObjectMapper().createObjectNode();
        ArrayNode benchmarks = listed.putArray("benchmarks");
        for (Benchmark benchmark : Benchmarks.all()) {
            ArrayNode parts =
                    benchmarks
                            .addObject()
                            .put("name", benchmark.name())
                            .put("about", benchmark.about())
                            .putArray("parts");
            benchmark.parts().forEach(part -> parts.add(part.name()));
        }
        return listed;
    }

    private List<Benchmark.Part> chosen(Benchmark benchmark) {
        List<String> names = benchmark.parts().stream().map(Benchmark.Part::name).toList();
        for (String part : only) {
            if (!names.contains(part)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "benchmark %s has no part '%s': its parts are %s"
                                .formatted(benchmark.name(), part, String.join(", ", names)));
            }
        }
        return benchmark.parts().stream()
                .filter(part -> only.isEmpty() || only.contains(part.name()))
                .toList();
    }

    private Report measure(Benchmark benchmark, List<Benchmark.Part> parts) throws Exception {
        Progress progress = new Progress(spec.commandLine().getErr());
        Machine machine = Machine.here();
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Benchmark.Part part = parts.get(i);
            progress.accept(
                    "%s %d of %d: %s"
                            .formatted(benchmark.name(), i + 1, parts.size(), part.name()));
            Path folder = Files.createTempDirectory("rlaif-bench");
            try {
                List<Figure> measured =
                        part.measure(
                                new Bench(
                                        folder,
                                        Path.of(System.getProperty("rlaif.home", ".")),
                                        Path.of(System.getProperty("java.home"), "bin", "java"),
                                        progress));
                measured.forEach(figure -> progress.accept(figure.line()));
                figures.addAll(measured);
            } finally {
                delete(folder);
            }
        }
        return new Report(benchmark.name(), machine, figures);
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> {
                        try {
                            Files.deleteIfExists(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }
}
