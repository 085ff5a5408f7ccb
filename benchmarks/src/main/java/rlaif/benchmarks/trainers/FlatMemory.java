package rlaif.benchmarks.trainers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;

/// Whether native memory stays what it is over many steps, of each kind of work in a process of its
/// own. The JVM compiles with C1 alone: C2's working memory, some ten megabytes as long as it finds
/// something to compile, is no array of a step.
final class FlatMemory implements Benchmark.Part {
    @Override
    public String name() {
        return "flat";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        List<Figure> figures = new ArrayList<>();
        for (RepeatedWork work : RepeatedWork.values()) {
            JsonNode readings =
                    Child.run(bench, ManySteps.class, ManySteps.options(work, bench.folder()))
                            .get("nativeBytes");
            double first = readings.get(0).asDouble();
            double farthest = 0;
            for (JsonNode reading : readings) {
                farthest = Math.max(farthest, Math.abs(reading.asDouble() / first - 1));
            }
            bench.say("%s: %.2f %%".formatted(work.written(), 100 * farthest));
            figures.add(
                    Figure.atMost(
                            "native memory, %s, farthest from step %d until step %,d"
                                    .formatted(work.written(), ManySteps.FIRST, ManySteps.STEPS),
                            100 * farthest,
                            "%",
                            2));
            figures.add(
                    Figure.reported(
                            "native memory, %s, at step %d"
                                    .formatted(work.written(), ManySteps.FIRST),
                            first / (1 << 20),
                            "MiB"));
        }
        return figures;
    }
}
