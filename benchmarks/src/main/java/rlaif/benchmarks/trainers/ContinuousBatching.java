package rlaif.benchmarks.trainers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;
import rlaif.models.Sampler;
import rlaif.models.SamplingSettings;
import rlaif.models.TensorThread;
import rlaif.models.Transformer;

/// The same completions of spread lengths, drawn three ways in turns: those that wait take the rows
/// of those that have ended; fixed batches, in which every row is computed until the longest of the
/// batch has ended, as `generate` of Transformers does it; fixed batches that drop ended rows. Each
/// way reads a prompt once for the completions of its group.
final class ContinuousBatching implements Benchmark.Part {
    private static final int THREADS = 2;
    private static final int TOGETHER = 64;
    private static final int REQUESTS = 1_024;
    private static final int GROUP = 4; // completions of a prompt, as a rollout worker draws them
    private static final int PROMPT = 32; // tokens
    private static final int SHORTEST = 8; // tokens
    private static final int LONGEST = 64; // tokens
    private static final int TURNS = 7;

    /// The last bits of a probability depend on the rows beside it, and now and then a draw falls
    /// between two such values: a token in some ten thousand.
    private static final double MOST_ROUNDED = 0.5; // % of the completions

    /// How the requests are drawn.
    private enum Way {
        REFILLED,
        FIXED,
        DROPPING
    }

    @Override
    public String name() {
        return "continuous";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        TensorThread.prepare(THREADS);
        List<Figure> figures = new ArrayList<>();
        for (BenchModel model : List.of(BenchModel.SMALL, BenchModel.MIDDLE)) {
            try (Transformer policy = model.policy();
                    Sampler sampler = new Sampler(policy, TOGETHER)) {
                figures.addAll(measure(bench, model, new Drawing(sampler, requests(model))));
            }
        }
        return figures;
    }

    private static List<Figure> measure(Bench bench, BenchModel model, Drawing drawing) {
        int[][] drawn = drawing.tokens(Way.REFILLED);
        int others =
                Math.max(
                        different(drawing.tokens(Way.FIXED), drawn),
                        different(drawing.tokens(Way.DROPPING), drawn));
        double[] byFixed = new double[TURNS];
        double[] byDropping = new double[TURNS];
        double[] seconds = new double[TURNS];
        for (int turn = 0; turn < TURNS; turn++) {
            seconds[turn] = drawing.seconds(Way.REFILLED);
            byFixed[turn] = drawing.seconds(Way.FIXED) / seconds[turn];
            byDropping[turn] = drawing.seconds(Way.DROPPING) / seconds[turn];
        }
        String what =
                "continuous batching, %s parameters, %d together, groups of %d, completions of %d to %d tokens"
                        .formatted(model.parameters(), TOGETHER, GROUP, SHORTEST, LONGEST);
        double fixed = Duel.median(byFixed);
        double dropping = Duel.median(byDropping);
        bench.say("%s: %.2fx, %.2fx".formatted(what, fixed, dropping));
        double tokens = Arrays.stream(drawn).mapToInt(one -> one.length).sum();
        return List.of(
                Figure.atLeast(what + ": by fixed batches, every row computed", fixed, "x", 1.5),
                Figure.reported(what + ": by fixed batches that drop ended rows", dropping, "x"),
                Figure.atMost(
                        what + ": of them not the same each way, for rounding",
                        100.0 * others / REQUESTS,
                        "%",
                        MOST_ROUNDED),
                Figure.reported(what, tokens / Duel.median(seconds), "tok/s"));
    }

    private static int different(int[][] some, int[][] others) {
        return (int)
                IntStream.range(0, some.length)
                        .filter(i -> !Arrays.equals(some[i], others[i]))
                        .count();
    }

    /// The requests, and who draws them.
    private record Drawing(Sampler sampler, List<Sampler.Request> requests) {

        double seconds(Way way) {
            long begin = System.nanoTime();
            tokens(way);
            return (System.nanoTime() - begin) / 1e9;
        }

        /// What is drawn, the same whichever way.
        int[][] tokens(Way way) {
            List<int[]> all = new ArrayList<>();
            int batch = way == Way.REFILLED ? requests.size() : TOGETHER;
            for (int from = 0; from < requests.size(); from += batch) {
                List<Sampler.Request> asked = requests.subList(from, from + batch);
                List<Sampler.Sample> samples =
                        sampler.sample(
                                way == Way.FIXED ? asLongAsTheLongest(asked) : asked,
                                new SamplingSettings(1, LONGEST));
                for (int i = 0; i < batch; i++) {
                    int[] tokens = samples.get(i).tokens();
                    all.add(
                            Arrays.copyOf(
                                    tokens, Math.min(tokens.length, asked.get(i).mostTokens())));
                }
            }
            return all.toArray(new int[0][]);
        }

        /// Each goes on until the longest has ended; what it draws beyond its own limit is thrown
        /// away.
        private static List<Sampler.Request> asLongAsTheLongest(List<Sampler.Request> asked) {
            int most = asked.stream().mapToInt(Sampler.Request::mostTokens).max().orElseThrow();
            return asked.stream()
                    .map(one -> new Sampler.Request(one.promptTokens(), one.seed(), most))
                    .toList();
        }
    }

    private static List<Sampler.Request> requests(BenchModel model) {
        Random random = new Random(3);
        List<Sampler.Request> requests = new ArrayList<>();
        for (int[] prompt : new Prompts(model.shape(), 5).next(REQUESTS / GROUP, PROMPT)) {
            for (int completion = 0; completion < GROUP; completion++) {
                int limit = SHORTEST + random.nextInt(LONGEST - SHORTEST + 1);
                requests.add(new Sampler.Request(prompt, random.nextLong(), limit));
            }
        }
        return requests;
    }
}
