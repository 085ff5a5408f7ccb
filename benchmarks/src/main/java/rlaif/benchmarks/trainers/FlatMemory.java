package rlaif.benchmarks.trainers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;

/// Whether native memory stays what it is over many steps. The JVM compiles with C1 alone: C2's
/// working memory, some ten megabytes as long as it finds something to compile, is no array of a
/// step.
final class FlatMemory implements Benchmark.Part {
    @Override
    public String name() {
        return "flat";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        JsonNode readings =
                Child.run(bench, ManySteps.class, "-XX:TieredStopAtLevel=1").get("nativeBytes");
        double first = readings.get(0).asDouble();
        double farthest = 0;
        for (JsonNode reading : readings) {
            farthest = Math.max(farthest, Math.abs(reading.asDouble() / first - 1));
        }
        return List.of(
                Figure.atMost(
                        "native memory, farthest from step %d until step %,d"
                                .formatted(ManySteps.FIRST, ManySteps.STEPS),
                        100 * farthest,
                        "%",
                        2),
                Figure.reported(
                        "native memory at step " + ManySteps.FIRST, first / (1 << 20), "MiB"));
    }
}
