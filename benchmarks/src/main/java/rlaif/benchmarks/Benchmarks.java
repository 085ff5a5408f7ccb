package rlaif.benchmarks;

import java.util.List;
import java.util.Optional;
import rlaif.benchmarks.demo.DemoBenchmark;
import rlaif.benchmarks.footprint.FootprintBenchmark;
import rlaif.benchmarks.judge.JudgeBenchmark;
import rlaif.benchmarks.learning.LearningBenchmark;
import rlaif.benchmarks.resume.ResumeBenchmark;
import rlaif.benchmarks.slcai.SlCaiBenchmark;
import rlaif.benchmarks.trainers.TrainersBenchmark;

/// Every benchmark there is.
public final class Benchmarks {
    private static final List<Benchmark> ALL =
            List.of(
                    new DemoBenchmark(),
                    new SlCaiBenchmark(),
                    new JudgeBenchmark(),
                    new TrainersBenchmark(),
                    new ResumeBenchmark(),
                    new FootprintBenchmark(),
                    new LearningBenchmark());

    private Benchmarks() {}

    /// In the order of the flow.
    public static List<Benchmark> all() {
        return ALL;
    }

    /// The one of this name.
    public static Optional<Benchmark> named(String name) {
        return ALL.stream().filter(benchmark -> benchmark.name().equals(name)).findFirst();
    }
}
