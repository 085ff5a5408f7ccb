package rlaif.benchmarks.trainers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import rlaif.models.Sampler;
import rlaif.models.SamplingSettings;
import rlaif.models.Transformer;

/// Sampling for prompts of changing lengths, in the middle of which a checkpoint read from disk
/// takes over, as in a rollout worker.
final class SwappedSampling implements RepeatedWork.Steps {
    private static final int PROMPTS = 8;
    private static final int NEW = 16; // tokens
    private static final int SWAP_AT = 4; // tokens

    private final Path checkpoint;
    private final Prompts prompts;
    private final Random random = new Random(31);
    private Transformer policy;

    SwappedSampling(BenchModel model, Path checkpoint) {
        this.checkpoint = checkpoint;
        this.prompts = new Prompts(model.shape(), 29);
        this.policy = Transformer.load(checkpoint);
    }

    @Override
    public void step(int number) {
        List<Sampler.Request> requests = new ArrayList<>();
        for (int[] prompt : prompts.next(PROMPTS, 8 + random.nextInt(25))) {
            requests.add(new Sampler.Request(prompt, random.nextLong()));
        }
        Newer newer = new Newer();
        try (Sampler sampler = new Sampler(policy)) {
            sampler.sample(requests, new SamplingSettings(1, NEW), newer);
        }
        for (Transformer loaded : newer.loaded) {
            policy.close();
            policy = loaded;
        }
    }

    /// Gives the checkpoint once, when the sampler has asked often enough.
    private final class Newer implements Supplier<Optional<Transformer>> {
        private final List<Transformer> loaded = new ArrayList<>();
        private int asked;

        @Override
        public Optional<Transformer> get() {
            if (++asked != SWAP_AT) {
                return Optional.empty();
            }
            loaded.add(Transformer.load(checkpoint));
            return Optional.of(loaded.getLast());
        }
    }

    @Override
    public void close() {
        policy.close();
    }
}
