package rlaif.benchmarks.trainers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;
import rlaif.models.Sampler;
import rlaif.models.SamplingSettings;
import rlaif.models.TensorThread;
import rlaif.models.Transformer;

/// Sampling over the whole vocabulary beside the twin's loop, in tokens a second.
final class SamplingSpeed implements Benchmark.Part {
    private static final List<BenchModel> MODELS =
            List.of(BenchModel.SMALL, BenchModel.MIDDLE, BenchModel.LARGE);
    private static final int SEQUENCES = 64;
    private static final int PROMPT = 32; // tokens
    private static final int NEW = 64; // tokens
    private static final int THREADS = 2;
    private static final int TURNS = 5;
    private static final double SAME_LOGPROB = 1e-3;

    @Override
    public String name() {
        return "sampling";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        List<Figure> figures = new ArrayList<>();
        for (BenchModel model : MODELS) {
            Optional<Twin> twin = Twin.start(bench, THREADS);
            if (twin.isEmpty()) {
                bench.say(Twin.ABSENT);
                return List.of();
            }
            try (Twin there = twin.get()) {
                figures.addAll(measure(bench, model, there));
            }
        }
        return figures;
    }

    private static List<Figure> measure(Bench bench, BenchModel model, Twin twin) throws Exception {
        TensorThread.prepare(THREADS);
        Prompts prompts = new Prompts(model.shape(), 11);
        List<int[]> asked = prompts.next(SEQUENCES, PROMPT);
        ObjectNode order = Twin.order("sampler");
        order.put("folder", model.folder(bench.folder()).toString());
        ArrayNode all = order.putArray("prompts");
        for (int[] prompt : asked) {
            ArrayNode one = all.addArray();
            for (int token : prompt) {
                one.add(token);
            }
        }
        twin.ask(order);
        try (Transformer policy = model.policy();
                Sampler sampler = new Sampler(policy)) {
            ours(sampler, asked, 0);
            theirs(twin);
            long[] seed = {1};
            Duel duel =
                    Duel.fight(TURNS, () -> ours(sampler, asked, seed[0]++), () -> theirs(twin));
            String what =
                    "sampling, %s parameters, batch %d, %d + %d tokens, %d threads"
                            .formatted(model.parameters(), SEQUENCES, PROMPT, NEW, THREADS);
            bench.say("%s: %.2fx".formatted(what, duel.ratio()));
            return List.of(
                    Figure.atLeast(what + ": by the twin's", duel.ratio(), "x", 1),
                    Figure.reported(what, duel.ours(), "tok/s"));
        }
    }

    private static double ours(Sampler sampler, List<int[]> prompts, long seed) {
        List<Sampler.Request> requests = new ArrayList<>();
        for (int[] prompt : prompts) {
            requests.add(new Sampler.Request(prompt, seed * 1_000_003 + requests.size()));
        }
        return rate(sampler, requests, NEW);
    }

    /// Tokens drawn a second.
    static double rate(Sampler sampler, List<Sampler.Request> requests, int mostTokens) {
        long begin = System.nanoTime();
        List<Sampler.Sample> samples =
                sampler.sample(requests, new SamplingSettings(1, mostTokens));
        double seconds = (System.nanoTime() - begin) / 1e9;
        return samples.stream().mapToInt(sample -> sample.tokens().length).sum() / seconds;
    }

    private static double theirs(Twin twin) throws Exception {
        JsonNode sampled = twin.ask(Twin.order("sample").put("tokens", NEW));
        if (!(sampled.get("difference").asDouble() < SAME_LOGPROB)) {
            throw new IllegalStateException(
                    "the twin's cached logprobs are %s from its own full forward pass"
                            .formatted(sampled.get("difference")));
        }
        return SEQUENCES * NEW / sampled.get("seconds").asDouble();
    }
}
