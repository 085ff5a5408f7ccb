package rlaif.benchmarks.trainers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;
import rlaif.models.TensorThread;

/// A PPO update (reference, value, policy, all epochs) beside the twin's, in rollouts a second.
final class PpoSpeed implements Benchmark.Part {
    private static final BenchModel MODEL = BenchModel.SMALL;
    private static final int ROLLOUTS = 256;
    private static final int TURNS = 5;
    private static final double SAME_LOSS = 2e-3;

    @Override
    public String name() {
        return "ppo";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        List<Figure> figures = new ArrayList<>();
        for (int threads = 1; threads <= 2; threads++) {
            Optional<Twin> twin = Twin.start(bench, threads);
            if (twin.isEmpty()) {
                bench.say(Twin.ABSENT);
                return List.of();
            }
            TensorThread.prepare(threads);
            try (Twin there = twin.get();
                    PpoWork work = new PpoWork(MODEL, ROLLOUTS)) {
                there.ask(work.order(MODEL.folder(bench.folder())));
                requireSameLosses(work, there);
                long[] seed = {1, 1};
                Duel duel =
                        Duel.fight(
                                TURNS,
                                () -> rate(work, seed[0]++),
                                () ->
                                        ROLLOUTS
                                                / there.ask(work.learnOrder(seed[1]++))
                                                        .get("seconds")
                                                        .asDouble());
                String what =
                        "PPO update, %d rollouts, %s parameters, %d thread%s"
                                .formatted(
                                        ROLLOUTS,
                                        MODEL.parameters(),
                                        threads,
                                        threads == 1 ? "" : "s");
                bench.say("%s: %.2fx".formatted(what, duel.ratio()));
                figures.add(Figure.atLeast(what + ": by the twin's", duel.ratio(), "x", 1));
                figures.add(Figure.reported(what, duel.ours(), "rollouts/s"));
            }
        }
        return figures;
    }

    private static double rate(PpoWork work, long seed) {
        long begin = System.nanoTime();
        work.update(seed);
        return ROLLOUTS / ((System.nanoTime() - begin) / 1e9);
    }

    private static void requireSameLosses(PpoWork work, Twin twin) throws Exception {
        Map<String, Double> metrics = work.update(0);
        JsonNode losses = twin.ask(work.learnOrder(0)).get("losses");
        requireClose(
                "policy",
                metrics.getOrDefault("loss/policy_avg", Double.NaN),
                losses.get(0).asDouble());
        requireClose(
                "value",
                metrics.getOrDefault("loss/value_avg", Double.NaN),
                losses.get(1).asDouble());
    }

    private static void requireClose(String which, double ours, double theirs) {
        if (!(Math.abs(ours - theirs) <= SAME_LOSS * Math.max(1, Math.abs(theirs)))) {
            throw new IllegalStateException(
                    "the first update's %s loss is %s here and %s in the twin: they do not compute the same"
                            .formatted(which, ours, theirs));
        }
    }
}
