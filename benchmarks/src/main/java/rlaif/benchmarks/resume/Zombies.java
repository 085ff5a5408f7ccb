package rlaif.benchmarks.resume;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;
import rlaif.cluster.EmbeddedCluster;

/// PPO paused past its transaction timeout at random moments, each time with a successor, then
/// woken.
final class Zombies implements Benchmark.Part {
    private static final int PAUSES = 3;
    private static final long LONGEST_SECONDS = 120;
    private static final int TAKEN_OVER = 4;

    @Override
    public String name() {
        return "zombies";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        Trainer trainer = Trainer.PPO;
        try (EmbeddedCluster cluster =
                        EmbeddedCluster.start(bench.folder().resolve("cluster"), bench.progress());
                RecordedLog once = Kills.log(bench, cluster, "once");
                RecordedLog often = Kills.log(bench, cluster, "often")) {
            Undisturbed undisturbed = Undisturbed.run(bench, trainer, once);
            often.record(trainer);
            Random random = new Random(2);
            int fenced = 0;
            List<TrainerProcess> started = new ArrayList<>();
            try {
                started.add(TrainerProcess.start(bench, trainer, often));
                for (int pause = 1; pause <= PAUSES; pause++) {
                    TrainerProcess zombie = started.getLast();
                    await(often, zombie, 2);
                    Thread.sleep(random.nextInt(400));
                    zombie.pause();
                    Thread.sleep(2L * TrainerProcess.TRANSACTION_TIMEOUT_MILLIS);
                    started.add(TrainerProcess.start(bench, trainer, often));
                    await(often, started.getLast(), 1);
                    zombie.wake();
                    fenced += zombie.awaitEnd(60) == TAKEN_OVER ? 1 : 0;
                    bench.say("zombie %d of %d: %s".formatted(pause, PAUSES, zombie.said()));
                }
                started.getLast().requireEnd();
            } finally {
                started.forEach(TrainerProcess::close);
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

    /// Waits for more versions of `trainer`.
    private static void await(RecordedLog log, TrainerProcess trainer, int more)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        int before = log.versions(Trainer.PPO.role()).size();
        while (log.versions(Trainer.PPO.role()).size() < before + more) {
            if (!trainer.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "no %d versions after %d came:%n%s"
                                .formatted(more, before, trainer.said()));
            }
            Thread.sleep(50);
        }
    }
}
