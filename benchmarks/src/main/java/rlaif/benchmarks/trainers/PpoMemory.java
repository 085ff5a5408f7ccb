package rlaif.benchmarks.trainers;

import java.util.List;
import java.util.Optional;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;
import rlaif.models.TensorThread;

/// The peak memory of a process that makes PPO steps, all of it, beside the twin's.
final class PpoMemory implements Benchmark.Part {
    private static final double MEBIBYTE = 1 << 20;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        Optional<Twin> twin = Twin.start(bench, PpoStep.THREADS);
        if (twin.isEmpty()) {
            bench.say(Twin.ABSENT);
            return List.of();
        }
        TensorThread.prepare(PpoStep.THREADS);
        double theirs;
        try (Twin there = twin.get()) {
            try (PpoWork work = new PpoWork(PpoStep.MODEL, PpoStep.ROLLOUTS)) {
                there.ask(work.order(PpoStep.MODEL.folder(bench.folder())));
                for (int step = 0; step < PpoStep.STEPS; step++) {
                    there.ask(work.learnOrder(step));
                }
            }
            theirs = there.ask(Twin.order("peak")).get("bytes").asDouble();
        }
        double ours = Child.run(bench, PpoStep.class).get("peakBytes").asDouble();
        String what =
                "peak memory of a PPO step, %s parameters, %d rollouts"
                        .formatted(PpoStep.MODEL.parameters(), PpoStep.ROLLOUTS);
        bench.say("%s: %.2fx".formatted(what, ours / theirs));
        return List.of(
                Figure.atMost(what + ": by the twin's", ours / theirs, "x", 1.2),
                Figure.reported(what, ours / MEBIBYTE, "MiB"));
    }
}
