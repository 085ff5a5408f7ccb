package rlaif.benchmarks.resume;

import java.util.List;
import java.util.Random;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;
import rlaif.cluster.EmbeddedCluster;

/// One trainer on a recorded log, killed with `kill -9` twenty times at random moments.
final class Kills implements Benchmark.Part {
    private static final int KILLS = 20;

    /// About every second life ends before its first version.
    private static final int MEAN_LOOKS_BEFORE_AN_EARLY_KILL = 100;

    private final Trainer trainer;

    Kills(Trainer trainer) {
        this.trainer = trainer;
    }

    @Override
    public String name() {
        return trainer.written();
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        try (EmbeddedCluster cluster =
                        EmbeddedCluster.start(bench.folder().resolve("cluster"), bench.progress());
                RecordedLog once = log(bench, cluster, "once");
                RecordedLog often = log(bench, cluster, "often")) {
            Undisturbed undisturbed = Undisturbed.run(bench, trainer, once);
            bench.say("undisturbed: %.1f s".formatted(undisturbed.seconds()));
            often.record(trainer);
            int killed = kill(bench, often, undisturbed.seconds());
            try (TrainerProcess last = TrainerProcess.start(bench, trainer, often)) {
                last.requireEnd();
            }
            List<String> digests = Undisturbed.digests(trainer, often);
            return List.of(
                    Figure.reported(
                            "%s: versions of the undisturbed run".formatted(trainer.written()),
                            undisturbed.digests().size(),
                            ""),
                    Figure.atLeast(
                            "%s: killed with kill -9 while at work".formatted(trainer.written()),
                            killed,
                            "",
                            KILLS),
                    Figure.atMost(
                            "the same: versions with another digest than undisturbed, or missing",
                            (double) undisturbed.different(digests),
                            "",
                            0));
        }
    }

    /// Kills it at moments spread over the whole run: while it starts, or a random part of a step
    /// or two after the first version of this life.
    private int kill(Bench bench, RecordedLog log, double undisturbedSeconds) throws Exception {
        Random random = new Random(1);
        int killed = 0;
        for (int life = 1; life <= KILLS; life++) {
            int before = log.versions(trainer.role()).size();
            try (TrainerProcess process = TrainerProcess.start(bench, trainer, log)) {
                while (process.isAlive()
                        && log.versions(trainer.role()).size() == before
                        && random.nextInt(MEAN_LOOKS_BEFORE_AN_EARLY_KILL) != 0) {
                    Thread.sleep(50);
                }
                double share = undisturbedSeconds / KILLS / 2;
                Thread.sleep((long) (1_000 * share * random.nextDouble()));
                if (!process.isAlive()) {
                    bench.say("life %d ended by itself:%n%s".formatted(life, process.said()));
                    continue;
                }
                process.kill();
                killed++;
            }
            bench.say(
                    "kill %d of %d, %d of %d versions"
                            .formatted(
                                    life,
                                    KILLS,
                                    log.versions(trainer.role()).size(),
                                    trainer.versions()));
        }
        return killed;
    }

    static RecordedLog log(Bench bench, EmbeddedCluster cluster, String prefix) {
        return new RecordedLog(
                TrainerProcess.connection(
                        cluster.bootstrapServers(), cluster.registryUrl(), prefix),
                bench.folder().resolve(prefix));
    }
}
