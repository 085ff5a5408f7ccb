package rlaif.benchmarks.judge;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.BenchCluster;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;
import rlaif.worlds.Faults;
import rlaif.worlds.SimulatedJudgeServer;

/// How many judgments and preferences a second come out, with a slow judge and with one that
/// answers at once.
final class Throughput implements Benchmark.Part {
    private static final int IN_FLIGHT = 256;
    private static final int SLOW_MILLIS = 200;
    private static final int SLOW_PAIRS = 16_000;
    private static final int INSTANT_PAIRS = 120_000;
    private static final int HTTP_PAIRS = 30_000;
    private static final Duration LONGEST = Duration.ofMinutes(4);

    @Override
    public String name() {
        return "throughput";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        List<Figure> figures = new ArrayList<>();
        WorldPairs pairs = new WorldPairs();
        double possible = 1000.0 / SLOW_MILLIS * IN_FLIGHT;
        for (int threads = 1; threads <= 2; threads++) {
            StageOptions slow =
                    StageOptions.of("wait:" + SLOW_MILLIS, IN_FLIGHT)
                            .withCommitMillis(1_000)
                            .withThreads(threads);
            bench.say("a judge of 200 ms, 256 calls in flight, stream threads: " + threads);
            Rates rates = run(bench.in("slow-" + threads), pairs, slow, SLOW_PAIRS);
            figures.add(
                    Figure.atLeast(
                            "200 ms judge, 256 in flight, commit interval 1,000 ms, "
                                    + threads
                                    + (threads == 1 ? " thread" : " threads")
                                    + ": calls, of 1,280/s",
                            100 * 2 * rates.judgments() / possible,
                            "%",
                            97));
        }
        bench.say("a judge inside the process that answers at once");
        Rates instant =
                run(
                        bench.in("instant"),
                        pairs,
                        StageOptions.of("instant", IN_FLIGHT).withCommitMillis(1_000),
                        INSTANT_PAIRS);
        figures.add(
                Figure.atLeast(
                        "judge in the process that answers at once: preferences, pair in to"
                                + " preference out",
                        instant.preferences(),
                        "/s",
                        2_500));
        figures.add(
                Figure.reported(
                        "the same: judgments, with those that abstain", instant.judgments(), "/s"));
        figures.add(
                Figure.reported(
                        "the same: preferences from the first to the last, cold JVM included",
                        instant.meanPreferences(),
                        "/s"));
        bench.say("the simulated judge over HTTP");
        try (SimulatedJudgeServer server = WorldJudge.start(Faults.none())) {
            Rates http =
                    run(
                            bench.in("http"),
                            pairs,
                            StageOptions.of(server.uri().toString(), IN_FLIGHT)
                                    .withCommitMillis(1_000),
                            HTTP_PAIRS);
            figures.add(
                    Figure.reported(
                            "the same over HTTP, server on the same cores: preferences",
                            http.preferences(),
                            "/s"));
        }
        return figures;
    }

    /// Records readable a second, between a quarter and 95 % of them all.
    ///
    /// @param meanPreferences from the first to the last
    private record Rates(double judgments, double preferences, double meanPreferences) {
        static Rates of(Outcomes outcomes) {
            return new Rates(
                    steady(outcomes.judgmentArrivals()),
                    steady(outcomes.preferenceArrivals()),
                    outcomes.preferenceArrivals().meanRate());
        }

        private static double steady(Arrivals arrivals) {
            return arrivals.rate(arrivals.count(), 0.25, 0.95);
        }
    }

    private static Rates run(Bench bench, WorldPairs pairs, StageOptions options, int count)
            throws ExecutionException, InterruptedException, IOException {
        try (BenchCluster cluster = new BenchCluster(bench);
                PairFeed feed = new PairFeed(cluster, pairs);
                Outcomes outcomes = new Outcomes(cluster, false)) {
            feed.write(0, count);
            try (StageProcess stage = StageProcess.start(bench, cluster.connection(), options)) {
                for (int tenth = 1; tenth <= 10; tenth++) {
                    long until = (long) count * tenth / 10;
                    boolean done = outcomes.readUntil(() -> outcomes.judged() >= until, LONGEST);
                    stage.requireAlive();
                    if (!done) {
                        throw new IllegalStateException(
                                "only %d of %d pairs were judged in %s"
                                        .formatted(outcomes.judged(), count, LONGEST));
                    }
                    bench.say(
                            "%d of %d pairs, %.0f/s"
                                    .formatted(
                                            outcomes.judged(),
                                            count,
                                            outcomes.judgmentArrivals().meanRate()));
                }
            }
            return Rates.of(outcomes);
        }
    }
}
