package rlaif.benchmarks.judge;

import java.util.List;
import rlaif.benchmarks.Benchmark;

/// The judge stage: what it sustains, how quick it is, and what it survives.
public final class JudgeBenchmark implements Benchmark {
    @Override
    public String name() {
        return "judge";
    }

    @Override
    public String about() {
        return "the judge stage: throughput, latency, faults, crashes, memory, simulated labelers";
    }

    @Override
    public List<Part> parts() {
        return List.of(
                new Throughput(),
                new Latency(),
                new FaultyEndpoint(),
                new RefusingEndpoint(),
                new Kills(),
                new Backlog(),
                new Labelers());
    }
}
