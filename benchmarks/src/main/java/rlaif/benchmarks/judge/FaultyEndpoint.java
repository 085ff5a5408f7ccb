package rlaif.benchmarks.judge;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.BenchCluster;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;
import rlaif.worlds.Faults;
import rlaif.worlds.SimulatedJudgeServer;
import rlaif.worlds.Traffic;

/// An endpoint of which three calls in ten fail: every pair comes to an end, and labels are what a
/// sound endpoint gives.
final class FaultyEndpoint implements Benchmark.Part {
    private static final int PAIRS = 5_000;
    private static final int IN_FLIGHT = 64;
    private static final double DELAY_SECONDS = 0.2;
    private static final double DEADLINE_SECONDS = 1;
    private static final double TIMEOUTS = 0.10;
    private static final double TOO_MANY = 0.10;
    private static final double SERVER_ERRORS = 0.05;
    private static final double MALFORMED = 0.05;
    private static final Faults CLEAN =
            Faults.none().withDelay(Duration.ofMillis((long) (DELAY_SECONDS * 1_000)));

    @Override
    public String name() {
        return "faults";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        bench.say("a sound endpoint");
        Run clean = run(bench.in("clean"), CLEAN);
        bench.say("10 % timeouts, 10 % 429, 5 % 500, 5 % malformed");
        Run faulty =
                run(
                        bench.in("faulty"),
                        CLEAN.withShares(TIMEOUTS, TOO_MANY, SERVER_ERRORS, MALFORMED));
        int inBoth = 0;
        int different = 0;
        for (Map.Entry<String, Outcomes.Label> pair : faulty.labels().entrySet()) {
            Outcomes.Label same = clean.labels().get(pair.getKey());
            if (same != null) {
                inBoth++;
                boolean equal =
                        same.id().equals(pair.getValue().id())
                                && Double.compare(
                                                same.firstProbability(),
                                                pair.getValue().firstProbability())
                                        == 0;
                different += equal ? 0 : 1;
            }
        }
        double meanAttemptSeconds =
                TIMEOUTS * DEADLINE_SECONDS + (1 - TIMEOUTS - TOO_MANY) * DELAY_SECONDS;
        return List.of(
                Figure.atMost(
                        "10 % timeouts, 10 % 429, 5 % 500, 5 % malformed: pairs without an end",
                        PAIRS - faulty.labels().size() - (double) faulty.deadLetters(), "", 0),
                Figure.reported("the same: dead letters", (double) faulty.deadLetters(), ""),
                Figure.reported("the same: judged in both runs", inBoth, "pairs"),
                Figure.atMost("the same: of these, other id or probability", different, "", 0),
                Figure.atLeast(
                        "the same: attempts, of in flight / mean attempt time (%.0f/s)"
                                .formatted(IN_FLIGHT / meanAttemptSeconds),
                        100 * faulty.attemptsPerSecond() * meanAttemptSeconds / IN_FLIGHT,
                        "%",
                        60));
    }

    /// What one endpoint made of the pairs.
    ///
    /// @param attemptsPerSecond between the first tenth of the judgments and 90 %
    private record Run(
            Map<String, Outcomes.Label> labels, long deadLetters, double attemptsPerSecond) {}

    private static Run run(Bench bench, Faults faults)
            throws ExecutionException, InterruptedException, IOException {
        try (SimulatedJudgeServer server = WorldJudge.start(faults);
                BenchCluster cluster = new BenchCluster(bench);
                PairFeed feed = new PairFeed(cluster, new WorldPairs());
                Outcomes outcomes = new Outcomes(cluster, true)) {
            feed.write(0, PAIRS);
            StageOptions options =
                    StageOptions.of(server.uri().toString(), IN_FLIGHT)
                            .withDeadlineMillis((int) (DEADLINE_SECONDS * 1_000));
            double attemptsPerSecond;
            try (StageProcess stage = StageProcess.start(bench, cluster.connection(), options)) {
                outcomes.readUntil(() -> ended(outcomes) >= PAIRS / 10, Duration.ofMinutes(2));
                stage.requireAlive();
                Traffic from = server.traffic();
                long started = System.nanoTime();
                outcomes.readUntil(() -> ended(outcomes) >= PAIRS * 9L / 10, Duration.ofMinutes(5));
                attemptsPerSecond =
                        (server.traffic().requests() - from.requests())
                                / ((System.nanoTime() - started) / 1e9);
                outcomes.readUntil(() -> ended(outcomes) >= PAIRS, Duration.ofMinutes(5));
                stage.requireAlive();
                bench.say(
                        "%d judged, %d dead letters, %.0f attempts/s"
                                .formatted(
                                        outcomes.judged(),
                                        outcomes.deadLetters(),
                                        attemptsPerSecond));
            }
            Map<String, Outcomes.Label> labels = new HashMap<>();
            outcomes.byPair().forEach((pair, made) -> labels.put(pair, made.getFirst()));
            return new Run(labels, outcomes.deadLetters(), attemptsPerSecond);
        }
    }

    private static long ended(Outcomes outcomes) {
        return outcomes.judged() + outcomes.deadLetters();
    }
}
