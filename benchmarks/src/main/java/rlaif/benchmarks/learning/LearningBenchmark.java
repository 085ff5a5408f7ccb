package rlaif.benchmarks.learning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import rlaif.benchmarks.Benchmark;

/// What nine-rule chat learns: by every algorithm, from stale rollouts, and without a KL penalty.
///
/// Its runs take an hour or more; each leaves its outcome below `benchmarks/target/learning`, where
/// the next start finds it. Delete the folder to measure anew.
public final class LearningBenchmark implements Benchmark {
    @Override
    public String name() {
        return "learning";
    }

    @Override
    public String about() {
        return "nine-rule chat without Kafka: five algorithms, staleness, and no KL penalty";
    }

    @Override
    public List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        Arrays.stream(Algorithm.values()).map(AlgorithmPart::new).forEach(parts::add);
        parts.add(new Staleness());
        parts.add(new OverOptimisation());
        return parts;
    }
}
