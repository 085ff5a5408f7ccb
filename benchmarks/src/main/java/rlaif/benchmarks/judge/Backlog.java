package rlaif.benchmarks.judge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.BenchCluster;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;

/// A million pairs waiting for a slow judge: what the stage holds does not grow with what waits.
final class Backlog implements Benchmark.Part {
    private static final int PAIRS = 1_000_000;
    private static final int CHUNK = 100_000;
    private static final int IN_FLIGHT = 256;
    private static final int HEAP_MEBIBYTES = 512;
    private static final Duration SETTLING = Duration.ofSeconds(30);
    private static final Duration WATCHED = Duration.ofSeconds(60);
    private static final double MEBIBYTE = 1 << 20;

    @Override
    public String name() {
        return "backlog";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        try (BenchCluster cluster = new BenchCluster(bench);
                PairFeed feed = new PairFeed(cluster, new WorldPairs());
                Outcomes outcomes = new Outcomes(cluster, false)) {
            for (int written = 0; written < PAIRS; written += CHUNK) {
                feed.write(written, written + CHUNK);
                bench.say("%,d of %,d pairs wait".formatted(written + CHUNK, PAIRS));
            }
            StageOptions options =
                    StageOptions.of("wait:200", IN_FLIGHT)
                            .withCommitMillis(1_000)
                            .withHeapMebibytes(HEAP_MEBIBYTES);
            try (StageProcess stage = StageProcess.start(bench, cluster.connection(), options)) {
                outcomes.readUntil(() -> outcomes.judged() > 0, Duration.ofMinutes(1));
                stage.requireAlive();
                bench.say("the stage judges; its heap settles for " + SETTLING.toSeconds() + " s");
                long judgedBefore = outcomes.judged();
                outcomes.readUntil(() -> false, SETTLING);
                int readings = stage.heap().size();
                outcomes.readUntil(() -> false, WATCHED);
                stage.requireAlive();
                List<Long> heap = stage.heap();
                List<Long> watched = heap.subList(readings, heap.size());
                int third = watched.size() / 3;
                double first = median(watched.subList(0, third));
                double last = median(watched.subList(watched.size() - third, watched.size()));
                long pending = PendingStore.liveEntries(cluster.connection());
                return List.of(
                        Figure.atMost(
                                "a million pairs waiting, heap limit 512 MiB: heap after"
                                        + " collections, last third of a minute against the first",
                                last / first,
                                "x",
                                1.1),
                        Figure.reported("the same: heap after collections", last / MEBIBYTE, "MiB"),
                        Figure.atMost(
                                "the same: pairs in the state store, of at most 4 x 256"
                                        + " outstanding a task, 4 tasks",
                                (double) pending,
                                "pairs",
                                4.0 * 4 * IN_FLIGHT),
                        Figure.reported(
                                "the same: judged meanwhile",
                                (double) (outcomes.judged() - judgedBefore),
                                "pairs"));
            }
        }
    }

    private static double median(List<Long> values) {
        List<Long> sorted = new ArrayList<>(values);
        sorted.sort(Comparator.naturalOrder());
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }
}
