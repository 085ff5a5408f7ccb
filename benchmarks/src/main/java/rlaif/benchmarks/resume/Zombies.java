package rlaif.benchmarks.resume;

import java.util.List;
import java.util.Random;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;
import rlaif.cluster.EmbeddedCluster;

/// PPO paused past its transaction timeout at random moments, each time with a successor, then
/// woken.
final class Zombies implements Benchmark.Part {
    private static final int PAUSES = 5;
    private static final int TAKEN_OVER = 4;

    @Override
    public String name() {
        return "zombies";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        Trainer trainer = Trainer.PPO;
        try (EmbeddedCluster cluster =
                        EmbeddedCluster.start(
                                bench.folder().resolve("cluster"), bench.progress());
                RecordedLog once = Kills.log(bench, cluster, "once");
                RecordedLog often = Kills.log(bench, cluster, "often")) {
            Undisturbed undisturbed = Undisturbed.run(bench, trainer, once);
            often.record(trainer);
            Random random = new Random(2);
            int fenced = 0;
            TrainerProcess working = TrainerProcess.start(bench, trainer, often);
            try {
                for (int pause = 1; pause <= PAUSES; pause++) {
                    await(often, 2);
                    Thread.sleep(random.nextInt(400));
                    TrainerProcess zombie = working;
                    zombie.pause();
                    working = TrainerProcess.start(bench, trainer, often);
                    await(often, 3); // longer than the transaction timeout
                    zombie.wake();
                    fenced += zombie.awaitEnd(60) == TAKEN_OVER ? 1 : 0;
                    bench.say("zombie %d of %d: %s".formatted(pause, PAUSES, zombie.said()));
                }
                int exit = working.awaitEnd(600);
                if (exit != 0) {
                    throw new IllegalStateException(
                            "the last trainer ended with code %d:%n%s"
                                    .formatted(exit, working.said()));
                }
            } finally {
                working.close();
            }
            return List.of(
                    Figure.atLeast(
                            "ppo: woken after a pause past its transaction timeout, ended with exit code 4",
                            fenced,
                            "",
                            PAUSES),
                    Figure.atMost(
                            "the same: versions with another digest than undisturbed, or missing",
                            (double) undisturbed.different(Undisturbed.digests(trainer, often)),
                            "",
                            0));
        }
    }

    /// Waits for more versions.
    private static void await(RecordedLog log, int more) throws InterruptedException {
        int before = log.versions(Trainer.PPO.role()).size();
        while (log.versions(Trainer.PPO.role()).size() < before + more) {
            Thread.sleep(50);
        }
    }
}
