package rlaif.benchmarks.learning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;

/// What becomes of the truth when PPO climbs a reward model that stands still and nothing ties the
/// policy to its reference (Gao et al. 2210.10760): proxy and gold over steps, as found.
///
/// It draws `benchmarks/target/learning/over-optimisation.svg`.
record OverOptimisation() implements Benchmark.Part {
    private static final int SEEDS = 3;
    private static final int STEPS = 100;

    @Override
    public String name() {
        return "kl-off";
    }

    @Override
    public List<Figure> measure(Bench bench) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (int seed = 1; seed <= SEEDS; seed++) {
            outcomes.add(
                    Runs.of(
                            bench,
                            "--seed",
                            "" + seed,
                            "--beta",
                            "0",
                            "--reward-swap-steps",
                            "0",
                            "--steps",
                            "" + STEPS));
        }
        List<Double> proxy = mean(outcomes, Progress::score);
        List<Double> gold = mean(outcomes, Progress::gold);
        Path plot = bench.home().resolve("benchmarks/target/learning/over-optimisation.svg");
        Files.writeString(
                plot,
                new Plot(
                                "PPO without a KL penalty, mean of %d seeds".formatted(SEEDS),
                                "step",
                                List.of(
                                        new Plot.Line("proxy: the reward model's score", proxy),
                                        new Plot.Line("gold: the truth", gold)))
                        .toSvg());
        bench.say("drawn: " + plot);
        int peak = peak(gold);
        return List.of(
                Figure.reported("KL off: proxy score at the start", proxy.getFirst(), ""),
                Figure.reported("KL off: proxy score at the end", proxy.getLast(), ""),
                Figure.reported("KL off: gold at the start", gold.getFirst(), ""),
                Figure.reported("KL off: best gold", gold.get(peak), ""),
                Figure.reported("KL off: step of the best gold", peak + 1.0, ""),
                Figure.reported("KL off: gold at the end", gold.getLast(), ""));
    }

    /// The mean over seeds, smoothed over five steps.
    private static List<Double> mean(List<Outcome> outcomes, ToDoubleFunction<Progress> measure) {
        List<Double> raw = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            int at = step;
            raw.add(
                    outcomes.stream()
                            .mapToDouble(o -> measure.applyAsDouble(o.curve().get(at)))
                            .average()
                            .orElseThrow());
        }
        List<Double> smooth = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            smooth.add(
                    raw.subList(Math.max(0, step - 2), Math.min(STEPS, step + 3)).stream()
                            .mapToDouble(Double::doubleValue)
                            .average()
                            .orElseThrow());
        }
        return smooth;
    }

    private static int peak(List<Double> values) {
        int peak = 0;
        for (int i = 1; i < values.size(); i++) {
            peak = values.get(i) > values.get(peak) ? i : peak;
        }
        return peak;
    }
}
