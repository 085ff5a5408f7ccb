package rlaif.benchmarks.demo;

import java.util.List;
import rlaif.benchmarks.Benchmark;

/// The full demo over three seeds, each as a user starts it, in an empty directory.
public final class DemoBenchmark implements Benchmark {
    @Override
    public String name() {
        return "demo";
    }

    @Override
    public String about() {
        return "rlaif demo over three seeds: what the policy gains, how long it takes, how much memory";
    }

    @Override
    public List<Part> parts() {
        return List.of(new SeededDemo(1), new SeededDemo(2), new SeededDemo(3));
    }
}
