package rlaif.benchmarks.judge;

import java.util.ArrayList;
import java.util.List;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;
import rlaif.benchmarks.Limit;
import rlaif.worlds.LabelerTable;

/// The simulated labelers of both worlds beside those of the RLAIF paper.
final class Labelers implements Benchmark.Part {
    private static final int PAIRS = 10_000;
    private static final double POINTS = 2;

    @Override
    public String name() {
        return "labelers";
    }

    @Override
    public List<Figure> measure(Bench bench) {
        bench.say(
                "10,000 pairs of each world with a gold difference of at least 0.05, both orders");
        List<Figure> figures = new ArrayList<>();
        for (LabelerTable.Row row : LabelerTable.rows(PAIRS)) {
            String labeler = "%s, %s labeler".formatted(row.world(), row.size().text());
            figures.add(
                    new Figure(
                            labeler + ": same position",
                            100 * row.rates().samePosition(),
                            "%",
                            new Limit.Near(100 * row.size().paperSamePosition(), POINTS)));
            figures.add(
                    new Figure(
                            labeler + ": alignment with people",
                            100 * row.rates().bothOrders(),
                            "%",
                            new Limit.Near(100 * row.size().paperAlignment(), POINTS)));
        }
        return figures;
    }
}
