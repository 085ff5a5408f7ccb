package rlaif.benchmarks.trainers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;
import rlaif.models.AdamW;
import rlaif.models.TensorThread;
import rlaif.models.Transformer;
import rlaif.trainers.sft.SftUpdate;
import rlaif.trainers.sft.SupervisedExample;

/// A training step (forward, loss, backward, AdamW) beside the twin's, in tokens a second.
final class TrainingSpeed implements Benchmark.Part {
    private static final List<BenchModel> MODELS =
            List.of(BenchModel.SMALL, BenchModel.MIDDLE, BenchModel.LARGE);
    private static final int SEQUENCES = 8;
    private static final int TOKENS = 128; // of a sequence
    private static final int TURNS = 5;
    private static final double TURN_SECONDS = 0.6;
    private static final double SAME_LOSS = 1e-4; // relative

    @Override
    public String name() {
        return "training";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        List<Figure> figures = new ArrayList<>();
        for (BenchModel model : MODELS) {
            for (int threads = 1; threads <= 2; threads++) {
                Optional<Twin> twin = Twin.start(bench, threads);
                if (twin.isEmpty()) {
                    bench.say(Twin.ABSENT);
                    return List.of();
                }
                try (Twin there = twin.get()) {
                    figures.addAll(measure(bench, model, threads, there));
                }
            }
        }
        return figures;
    }

    private static List<Figure> measure(Bench bench, BenchModel model, int threads, Twin twin)
            throws Exception {
        TensorThread.prepare(threads);
        int[][] sequences = sequences(model);
        ObjectNode order = Twin.order("sft");
        order.put("folder", model.folder(bench.folder()).toString());
        ArrayNode all = order.putArray("sequences");
        List<SupervisedExample> examples = new ArrayList<>();
        for (int[] sequence : sequences) {
            ArrayNode one = all.addArray();
            for (int token : sequence) {
                one.add(token);
            }
            int[] completion = new int[TOKENS - 1];
            System.arraycopy(sequence, 1, completion, 0, completion.length);
            examples.add(new SupervisedExample(new int[] {sequence[0]}, completion));
        }
        twin.ask(order);
        try (Transformer policy = model.policy();
                AdamW optimizer = new AdamW(policy, new AdamW.Settings(0.9, 0.999, 1e-8, 0, 1))) {
            SftUpdate update = new SftUpdate(policy, optimizer);
            requireSameLosses(update, examples, twin);
            int steps = stepsOfATurn(update, examples);
            Duel duel =
                    Duel.fight(
                            TURNS,
                            () -> rate(update, examples, steps),
                            () -> {
                                double seconds =
                                        twin.ask(Twin.order("train").put("steps", steps))
                                                .get("seconds")
                                                .asDouble();
                                return (double) steps * SEQUENCES * TOKENS / seconds;
                            });
            String what =
                    "training step, %s parameters, %d thread%s"
                            .formatted(model.parameters(), threads, threads == 1 ? "" : "s");
            bench.say("%s: %.2fx".formatted(what, duel.ratio()));
            return List.of(
                    Figure.atLeast(what + ": by the twin's", duel.ratio(), "x", 1),
                    Figure.reported(what, duel.ours(), "tok/s"));
        }
    }

    /// Both sides start from the same weights and see the same tokens.
    private static void requireSameLosses(
            SftUpdate update, List<SupervisedExample> examples, Twin twin) throws Exception {
        var theirs = twin.ask(Twin.order("train").put("steps", 3)).get("losses");
        for (int step = 0; step < theirs.size(); step++) {
            double loss = loss(update, examples);
            double difference = Math.abs(loss / theirs.get(step).asDouble() - 1);
            if (!(difference < SAME_LOSS)) {
                throw new IllegalStateException(
                        "step %d has loss %s here and %s in the twin: they do not compute the same"
                                .formatted(step, loss, theirs.get(step)));
            }
        }
    }

    private static double loss(SftUpdate update, List<SupervisedExample> examples) {
        return update.update(examples, 1e-4).getOrDefault("loss", Double.NaN);
    }

    private static int stepsOfATurn(SftUpdate update, List<SupervisedExample> examples) {
        double tokensPerSecond = rate(update, examples, 2);
        return (int) Math.max(1, TURN_SECONDS * tokensPerSecond / (SEQUENCES * TOKENS));
    }

    private static double rate(SftUpdate update, List<SupervisedExample> examples, int steps) {
        long begin = System.nanoTime();
        for (int step = 0; step < steps; step++) {
            update.update(examples, 1e-4);
        }
        return steps * SEQUENCES * TOKENS / ((System.nanoTime() - begin) / 1e9);
    }

    private static int[][] sequences(BenchModel model) {
        Random random = new Random(7);
        int[][] sequences = new int[SEQUENCES][TOKENS];
        for (int[] sequence : sequences) {
            for (int i = 0; i < TOKENS; i++) {
                sequence[i] = 2 + random.nextInt(model.shape().vocabularySize() - 2);
            }
        }
        return sequences;
    }
}
