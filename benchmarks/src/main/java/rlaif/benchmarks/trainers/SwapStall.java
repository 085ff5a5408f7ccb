package rlaif.benchmarks.trainers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;
import rlaif.models.CheckpointStore;
import rlaif.models.Sampler;
import rlaif.models.SamplingSettings;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;

/// How long decoding stands still when a checkpoint, loaded beside it, takes over between two
/// tokens.
final class SwapStall implements Benchmark.Part {
    private static final BenchModel MODEL = BenchModel.PUBLISHED;
    private static final int TURNS = 5;
    private static final int SEQUENCES = 64;
    private static final int PROMPT = 32; // tokens
    private static final int NEW = 64; // tokens
    private static final int LOAD_AT = 8; // steps

    @Override
    public String name() {
        return "stall";
    }

    /// When the sampler asked for newer weights, and when it got some.
    private static final class Steps {
        private final List<Long> asked = new ArrayList<>(); // ns
        private int swappedAt = -1; // number of the asking
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        TensorThread.prepare(1);
        CheckpointStore store = new CheckpointStore(bench.folder().resolve("checkpoints"));
        CheckpointStore.Stored stored = store(bench, store);
        double[] stalls = new double[TURNS];
        double[] slowest = new double[TURNS];
        for (int turn = 0; turn < TURNS; turn++) {
            Steps steps = decode(store, stored);
            double usual = Duel.median(gaps(steps, 0, LOAD_AT));
            double[] after = gaps(steps, steps.swappedAt, steps.swappedAt + 1);
            stalls[turn] = after[0] - usual;
            double[] beside = gaps(steps, LOAD_AT, steps.swappedAt);
            slowest[turn] = Duel.median(beside) - usual;
        }
        String what = "%s parameters, %d sequences".formatted(MODEL.parameters(), SEQUENCES);
        return List.of(
                Figure.atMost(
                        "stall of decoding by a swap, longest of %d, %s".formatted(TURNS, what),
                        java.util.Arrays.stream(stalls).max().orElseThrow(),
                        "ms",
                        50),
                Figure.reported(
                        "a step longer while a checkpoint is loaded beside it, " + what,
                        Duel.median(slowest),
                        "ms"));
    }

    private static CheckpointStore.Stored store(Bench bench, CheckpointStore store)
            throws IOException {
        try (Transformer policy = MODEL.policy();
                Tokenizer tokenizer = BenchModel.tokenizer(bench.folder())) {
            return store.save("policy", 1, policy, tokenizer, Map.of(), _ -> {});
        }
    }

    private static Steps decode(CheckpointStore store, CheckpointStore.Stored stored) {
        Steps steps = new Steps();
        AtomicReference<@Nullable Transformer> loaded = new AtomicReference<>();
        List<Thread> loaders = new ArrayList<>();
        List<Sampler.Request> requests = new ArrayList<>();
        for (int[] prompt : new Prompts(MODEL.shape(), 29).next(SEQUENCES, PROMPT)) {
            requests.add(new Sampler.Request(prompt, requests.size()));
        }
        try (Transformer policy = MODEL.policy();
                Sampler sampler = new Sampler(policy)) {
            sampler.sample(requests.subList(0, 8), new SamplingSettings(1, 4));
            List<Transformer> taken = new ArrayList<>();
            sampler.sample(
                    requests,
                    new SamplingSettings(1, NEW),
                    () -> {
                        steps.asked.add(System.nanoTime());
                        if (steps.asked.size() == LOAD_AT) {
                            loaders.add(load(store, stored, loaded));
                        }
                        Transformer next = loaded.getAndSet(null);
                        if (next != null) {
                            taken.add(next);
                            steps.swappedAt = steps.asked.size() - 1;
                        }
                        return Optional.ofNullable(next);
                    });
            for (Thread loader : loaders) {
                join(loader);
            }
            taken.forEach(Transformer::close);
        }
        if (steps.swappedAt < 0 || steps.swappedAt + 1 >= steps.asked.size()) {
            throw new IllegalStateException("the checkpoint was loaded after decoding had ended");
        }
        return steps;
    }

    private static Thread load(
            CheckpointStore store,
            CheckpointStore.Stored stored,
            AtomicReference<@Nullable Transformer> loaded) {
        return Thread.ofPlatform()
                .start(() -> {
                    TensorThread.prepare(1);
                    Path folder = store.open(stored.uri(), stored.digest());
                    loaded.set(Transformer.load(folder));
                });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Time between one asking and the next, ms.
    private static double[] gaps(Steps steps, int from, int to) {
        double[] gaps = new double[to - from];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = (steps.asked.get(from + i + 1) - steps.asked.get(from + i)) / 1e6;
        }
        return gaps;
    }
}
