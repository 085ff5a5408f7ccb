package rlaif.benchmarks.judge;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.BenchCluster;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;

/// How long a pair that is committed waits until its preference can be read.
final class Latency implements Benchmark.Part {
    private static final double PAIRS_PER_SECOND = 100;

    /// Preferences become readable with their judgments, and may be polled after them.
    private static final Duration REST_OF_A_TRANSACTION = Duration.ofSeconds(2);

    private static final int WARM_UP_PAIRS = 2_000;
    private static final int PAIRS = 6_000;

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        bench.say("100 pairs/s for a minute, commit interval 100 ms");
        try (BenchCluster cluster = new BenchCluster(bench);
                PairFeed feed = new PairFeed(cluster, new WorldPairs());
                Outcomes outcomes = new Outcomes(cluster, true);
                StageProcess stage =
                        StageProcess.start(
                                bench, cluster.connection(), StageOptions.of("instant", 64))) {
            int all = WARM_UP_PAIRS + PAIRS;
            Thread feeding =
                    Thread.ofPlatform().daemon().start(() -> feed.write(0, all, PAIRS_PER_SECOND));
            outcomes.readUntil(() -> outcomes.judged() >= all, Duration.ofSeconds(150));
            outcomes.readUntil(() -> false, REST_OF_A_TRANSACTION);
            stage.requireAlive();
            feeding.join();
            double[] waits = waits(feed.committed(), outcomes);
            return List.of(
                    Figure.reported(
                            "100 pairs/s, commit interval 100 ms: pairs with a preference, of "
                                    + PAIRS,
                            (double) waits.length,
                            "pairs"),
                    Figure.atMost(
                            "the same: pair committed to preference readable, p50",
                            percentile(waits, 0.50),
                            "ms",
                            120),
                    Figure.atMost("the same, p99", percentile(waits, 0.99), "ms", 400));
        }
    }

    /// Milliseconds of every pair after the warm-up, but for those whose judgment abstains.
    private static double[] waits(Map<String, Long> committed, Outcomes outcomes) {
        return committed.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .skip(WARM_UP_PAIRS)
                .filter(pair -> !abstains(outcomes.byPair().get(pair.getKey())))
                .mapToDouble(pair -> (readableAt(outcomes, pair.getKey()) - pair.getValue()) / 1e6)
                .toArray();
    }

    private static boolean abstains(@Nullable List<Outcomes.Label> labels) {
        return labels != null && !labels.getFirst().prefers();
    }

    /// When the pair's preference was readable, `System.nanoTime()`; one that was never judged, or
    /// whose preference never came, waits for ever.
    private static double readableAt(Outcomes outcomes, String pairId) {
        List<Outcomes.Label> labels = outcomes.byPair().get(pairId);
        List<Long> came =
                labels == null ? null : outcomes.preferencesById().get(labels.getFirst().id());
        return came == null ? Double.POSITIVE_INFINITY : came.getFirst();
    }

    private static double percentile(double[] values, double share) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(share * (sorted.length - 1)))];
    }
}
