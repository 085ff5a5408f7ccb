package rlaif.benchmarks.learning;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;

/// What PPO learns from rollouts that are all a fixed number of versions old, decoupled from their
/// sampler and, as its authors wrote it, not.
///
/// Five seeds of 2,048 training prompts each, examined on 2,000 held-out ones. A difference is
/// taken seed by seed against the synchronous run, with the 95 % interval of its mean.
record Staleness() implements Benchmark.Part {
    private static final int SEEDS = 5;
    private static final double STUDENT_QUANTILE = 2.776; // 4 degrees of freedom, 97.5 %
    private static final double MOST_LOST = 2;

    @Override
    public String name() {
        return "staleness";
    }

    @Override
    public List<Figure> measure(Bench bench) throws IOException {
        List<Outcome> synchronous = outcomes(bench, 0, true);
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.reported("synchronous: harmless", 100 * harmless(synchronous), "%"));
        figures.add(Figure.reported("synchronous: helpful", 100 * helpful(synchronous), "%"));
        for (int lag : new int[] {1, 4, 8}) {
            figures.addAll(compared(lag, true, outcomes(bench, lag, true), synchronous));
        }
        for (int lag : new int[] {1, 4, 8}) {
            figures.addAll(compared(lag, false, outcomes(bench, lag, false), synchronous));
        }
        return figures;
    }

    private static List<Outcome> outcomes(Bench bench, int lag, boolean decoupled)
            throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (int seed = 1; seed <= SEEDS; seed++) {
            outcomes.add(
                    Runs.of(
                            bench,
                            "--seed",
                            "" + seed,
                            "--smallest-lag",
                            "" + lag,
                            "--largest-lag",
                            "" + lag,
                            "--decoupled",
                            "" + decoupled,
                            "--steps",
                            "32"));
        }
        return outcomes;
    }

    private static List<Figure> compared(
            int lag, boolean decoupled, List<Outcome> stale, List<Outcome> synchronous) {
        Interval harmless = Interval.of(stale, synchronous, o -> 100 * o.after().harmless());
        Interval helpful = Interval.of(stale, synchronous, o -> 100 * o.after().helpful());
        String what =
                "%s PPO at staleness %d against synchronous: "
                        .formatted(decoupled ? "decoupled" : "naive", lag);
        boolean held = decoupled && lag <= 4;
        List<Figure> figures = new ArrayList<>();
        for (Named it : List.of(new Named("harmless", harmless), new Named("helpful", helpful))) {
            String named = what + it.name() + " " + it.interval().text();
            figures.add(
                    held
                            ? Figure.atLeast(named, it.interval().mean(), "points", -MOST_LOST)
                            : Figure.reported(named, it.interval().mean(), "points"));
        }
        return figures;
    }

    private record Named(String name, Interval interval) {}

    private static double harmless(List<Outcome> outcomes) {
        return outcomes.stream().mapToDouble(o -> o.after().harmless()).average().orElseThrow();
    }

    private static double helpful(List<Outcome> outcomes) {
        return outcomes.stream().mapToDouble(o -> o.after().helpful()).average().orElseThrow();
    }

    /// A mean difference with its 95 % interval.
    ///
    /// @param reach from the mean to either end
    private record Interval(double mean, double reach) {
        static Interval of(
                List<Outcome> ours,
                List<Outcome> theirs,
                java.util.function.ToDoubleFunction<Outcome> measure) {
            int n = ours.size();
            double[] differences = new double[n];
            double mean = 0;
            for (int i = 0; i < n; i++) {
                differences[i] =
                        measure.applyAsDouble(ours.get(i)) - measure.applyAsDouble(theirs.get(i));
                mean += differences[i] / n;
            }
            double squares = 0;
            for (double difference : differences) {
                squares += (difference - mean) * (difference - mean);
            }
            return new Interval(mean, STUDENT_QUANTILE * Math.sqrt(squares / (n - 1) / n));
        }

        String text() {
            return "[%.1f, %.1f]".formatted(mean - reach, mean + reach);
        }
    }
}
