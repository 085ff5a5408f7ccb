package rlaif.benchmarks.judge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.BenchCluster;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;
import rlaif.worlds.Faults;
import rlaif.worlds.SimulatedJudgeServer;

/// The judge stage killed with `kill -9` again and again while pairs keep coming.
final class Kills implements Benchmark.Part {
    private static final int KILLS = 10;
    private static final int SHORTEST_SECONDS = 15;
    private static final int LONGEST_SECONDS = 40;
    private static final int IN_FLIGHT = 64;
    private static final int COMMIT_MILLIS = 100;
    private static final int JUDGE_MILLIS = 200;
    private static final double PAIRS_PER_SECOND = 100;

    @Override
    public String name() {
        return "kills";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        StageOptions options = StageOptions.of("", IN_FLIGHT).withCommitMillis(COMMIT_MILLIS);
        try (SimulatedJudgeServer server =
                        WorldJudge.start(Faults.none().withDelay(Duration.ofMillis(JUDGE_MILLIS)));
                BenchCluster cluster = new BenchCluster(bench);
                PairFeed feed = new PairFeed(cluster, new WorldPairs());
                Outcomes outcomes = new Outcomes(cluster, true)) {
            options = options.withJudge(server.uri().toString());
            AtomicLong written = new AtomicLong();
            Thread feeding =
                    Thread.ofPlatform()
                            .daemon()
                            .start(() ->
                                    written.set(feed.write(0, Long.MAX_VALUE, PAIRS_PER_SECOND)));
            List<Double> recoveries = new ArrayList<>();
            Random random = new Random(1);
            StageProcess stage = StageProcess.start(bench, cluster.connection(), options);
            try {
                outcomes.readUntil(() -> outcomes.judged() > 0, Duration.ofMinutes(1));
                for (int kill = 1; kill <= KILLS; kill++) {
                    int seconds = random.nextInt(SHORTEST_SECONDS, LONGEST_SECONDS + 1);
                    outcomes.readUntil(
                            () -> false,
                            Duration.ofSeconds(seconds).plusMillis(random.nextInt(1_000)));
                    stage.requireAlive();
                    stage.kill();
                    outcomes.readUntil(() -> false, Duration.ofMillis(500));
                    long before = outcomes.judged();
                    long killed = System.nanoTime();
                    stage = StageProcess.start(bench, cluster.connection(), options);
                    outcomes.readUntil(() -> outcomes.judged() > before, Duration.ofMinutes(2));
                    recoveries.add((System.nanoTime() - killed) / 1e9);
                    bench.say(
                            "kill %d of %d after %d s; judging again after %.1f s, %d judged"
                                    .formatted(
                                            kill,
                                            KILLS,
                                            seconds,
                                            recoveries.getLast(),
                                            outcomes.judged()));
                }
                feed.stop();
                feeding.join();
                outcomes.readUntil(
                        () -> outcomes.judged() + outcomes.deadLetters() >= written.get(),
                        Duration.ofMinutes(2));
                outcomes.readUntil(() -> false, Duration.ofSeconds(3));
            } finally {
                stage.close();
            }
            return figures(written.get(), outcomes, server.traffic().requests(), recoveries);
        }
    }

    private static List<Figure> figures(
            long written, Outcomes outcomes, long requests, List<Double> recoveries) {
        long duplicated =
                outcomes.byPair().values().stream().mapToLong(labels -> labels.size() - 1L).sum();
        long lost = written - outcomes.byPair().size() - outcomes.deadLetters();
        Set<String> preferring = outcomes.preferring();
        Map<String, List<Long>> preferences = outcomes.preferencesById();
        long lostPreferences =
                preferring.stream().filter(id -> !preferences.containsKey(id)).count();
        long preferredTwice =
                preferences.values().stream().mapToLong(came -> came.size() - 1L).sum();
        long unfounded =
                preferences.keySet().stream().filter(id -> !preferring.contains(id)).count();
        long repeated = requests - 2L * outcomes.byPair().size();
        double callsOfACommit = (double) IN_FLIGHT / JUDGE_MILLIS * COMMIT_MILLIS;
        return List.of(
                Figure.reported(
                        "pairs fed while the stage was killed 10 times", (double) written, ""),
                Figure.atMost("kill -9, 10 times: pairs lost", (double) lost, "", 0),
                Figure.atMost("the same: judgments duplicated", (double) duplicated, "", 0),
                Figure.atMost(
                        "the same: preferences lost, of "
                                + preferring.size()
                                + " judgments that prefer",
                        (double) lostPreferences,
                        "",
                        0),
                Figure.atMost(
                        "the same: preferences duplicated, or of no judgment that prefers",
                        (double) (preferredTwice + unfounded),
                        "",
                        0),
                Figure.reported("the same: dead letters", (double) outcomes.deadLetters(), ""),
                Figure.atMost(
                        "the same: calls made again, of kills x (in flight + calls of one commit"
                                + " interval)",
                        (double) repeated,
                        "",
                        KILLS * (IN_FLIGHT + callsOfACommit)),
                Figure.atMost(
                        "the same: start to first judgment readable, slowest of 10",
                        recoveries.stream().mapToDouble(r -> r).max().orElse(Double.NaN),
                        "s",
                        10));
    }
}
