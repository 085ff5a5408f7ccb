package rlaif.benchmarks.footprint;

import java.util.List;
import rlaif.benchmarks.Benchmark;

/// Training of a model whose gradients and moments would not fit beside it: low-rank adapters, and
/// steps divided by tokens.
public final class FootprintBenchmark implements Benchmark {
    @Override
    public String name() {
        return "footprint";
    }

    @Override
    public String about() {
        return "memory of a process that trains adapters of a 0.5B model (5 GB free, 5 minutes)";
    }

    @Override
    public List<Part> parts() {
        return List.of(new HalfBillion());
    }
}
