package rlaif.benchmarks.slcai;

import java.util.List;
import rlaif.benchmarks.Benchmark;

/// Critique and revision in nine-rule chat: harm falls with each round, and the policy trained on
/// revisions does less of it than the one that it started from.
public final class SlCaiBenchmark implements Benchmark {
    @Override
    public String name() {
        return "sl-cai";
    }

    @Override
    public String about() {
        return "critique and revision in nine-rule chat: harm by round, and SL-CAI against SFT";
    }

    @Override
    public List<Part> parts() {
        return List.of(new SeededRun(1), new SeededRun(2));
    }
}
