package rlaif.benchmarks.trainers;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;
import rlaif.models.Sampler;
import rlaif.models.TensorThread;
import rlaif.models.Transformer;

/// Completions of spread lengths, where those that wait take the rows of those that have ended,
/// beside batches that each run to their end.
final class ContinuousBatching implements Benchmark.Part {
    private static final int THREADS = 2;
    private static final int TOGETHER = 64;
    private static final int REQUESTS = 512;
    private static final int PROMPT = 32; // tokens
    private static final int SHORTEST = 8; // tokens
    private static final int LONGEST = 64; // tokens
    private static final int TURNS = 3;

    @Override
    public String name() {
        return "continuous";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        TensorThread.prepare(THREADS);
        List<Figure> figures = new ArrayList<>();
        for (BenchModel model : List.of(BenchModel.SMALL, BenchModel.MIDDLE)) {
            List<Sampler.Request> requests = requests(model);
            try (Transformer policy = model.policy();
                    Sampler sampler = new Sampler(policy, TOGETHER)) {
                SamplingSpeed.rate(sampler, requests.subList(0, 2 * TOGETHER), LONGEST);
                Duel duel =
                        Duel.fight(
                                TURNS,
                                () -> SamplingSpeed.rate(sampler, requests, LONGEST),
                                () -> fixed(sampler, requests));
                String what =
                        "continuous batching, %s parameters, %d together, completions of %d to %d tokens"
                                .formatted(model.parameters(), TOGETHER, SHORTEST, LONGEST);
                bench.say("%s: %.2fx".formatted(what, duel.ratio()));
                figures.add(Figure.atLeast(what + ": by fixed batches", duel.ratio(), "x", 1.5));
                figures.add(Figure.reported(what, duel.ours(), "tok/s"));
            }
        }
        return figures;
    }

    private static double fixed(Sampler sampler, List<Sampler.Request> requests) {
        long begin = System.nanoTime();
        double tokens = 0;
        for (int from = 0; from < requests.size(); from += TOGETHER) {
            List<Sampler.Request> batch = requests.subList(from, from + TOGETHER);
            long batchBegin = System.nanoTime();
            tokens +=
                    SamplingSpeed.rate(sampler, batch, LONGEST)
                            * ((System.nanoTime() - batchBegin) / 1e9);
        }
        return tokens / ((System.nanoTime() - begin) / 1e9);
    }

    private static List<Sampler.Request> requests(BenchModel model) {
        Random random = new Random(3);
        List<Sampler.Request> requests = new ArrayList<>();
        for (int[] prompt : new Prompts(model.shape(), 5).next(REQUESTS, PROMPT)) {
            int limit = SHORTEST + random.nextInt(LONGEST - SHORTEST + 1);
            requests.add(new Sampler.Request(prompt, random.nextLong(), limit));
        }
        return requests;
    }
}
