package rlaif.benchmarks.judge;

import java.time.Duration;
import java.util.List;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.BenchCluster;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;
import rlaif.worlds.Faults;
import rlaif.worlds.SimulatedJudgeServer;
import rlaif.worlds.Traffic;

/// An endpoint that allows half of what could be asked: the stage finds out how much, and asks
/// that.
final class RefusingEndpoint implements Benchmark.Part {
    private static final int PAIRS = 30_000;
    private static final int IN_FLIGHT = 128;
    private static final double DELAY_SECONDS = 0.2;
    private static final double ALLOWED_PER_SECOND = IN_FLIGHT / DELAY_SECONDS / 2;

    /// A limit that adapts is cut where more than a fifth is refused and three deviations, 6 points
    /// of the 400 calls of a window, do not explain it; each step up before that is 2 points more.
    /// A client that asks all it can is refused half.
    private static final double MOST_REFUSED_PERCENT = 30;

    private static final Duration CONVERGING = Duration.ofSeconds(30);
    private static final Duration WATCHED = Duration.ofSeconds(20);

    @Override
    public String name() {
        return "refusals";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        Faults faults =
                Faults.none()
                        .withDelay(Duration.ofMillis((long) (DELAY_SECONDS * 1_000)))
                        .withRateLimit(ALLOWED_PER_SECOND);
        try (SimulatedJudgeServer server = WorldJudge.start(faults);
                BenchCluster cluster = new BenchCluster(bench);
                PairFeed feed = new PairFeed(cluster, new WorldPairs());
                Outcomes outcomes = new Outcomes(cluster, false)) {
            feed.write(0, PAIRS);
            StageOptions options =
                    StageOptions.of(server.uri().toString(), IN_FLIGHT).withCommitMillis(1_000);
            try (StageProcess stage = StageProcess.start(bench, cluster.connection(), options)) {
                outcomes.readUntil(() -> server.traffic().requests() > 0, Duration.ofMinutes(1));
                stage.requireAlive();
                bench.say(
                        "allowed: %.0f calls/s; 30 s to find that out"
                                .formatted(ALLOWED_PER_SECOND));
                outcomes.readUntil(() -> false, CONVERGING);
                Traffic from = server.traffic();
                long started = System.nanoTime();
                outcomes.readUntil(() -> false, WATCHED);
                Traffic to = server.traffic();
                double seconds = (System.nanoTime() - started) / 1e9;
                stage.requireAlive();
                long refused = to.refused() - from.refused();
                long requests = to.requests() - from.requests();
                return List.of(
                        Figure.atLeast(
                                "endpoint that allows half the offered rate: calls answered after"
                                        + " 30 s, of the allowed",
                                100
                                        * (to.replies() - from.replies())
                                        / seconds
                                        / ALLOWED_PER_SECOND,
                                "%",
                                90),
                        Figure.atMost(
                                "the same: calls refused",
                                100.0 * refused / requests,
                                "%",
                                MOST_REFUSED_PERCENT),
                        Figure.atMost(
                                "the same: dead letters", (double) outcomes.deadLetters(), "", 0));
            }
        }
    }
}
