package rlaif.benchmarks.learning;

import java.util.ArrayList;
import java.util.List;
import rlaif.models.Sampler;
import rlaif.models.SamplingSettings;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.worlds.PracticeWorld;
import rlaif.worlds.PromptItem;

/// A policy at work in a practice world: prompts in, trials out.
final class Writer implements AutoCloseable {
    private final PracticeWorld world;
    private final Tokenizer tokenizer;
    private final int groupSize;
    private final Sampler sampler;
    private final SamplingSettings sampling;

    Writer(Lab lab, Transformer policy) {
        this.world = lab.world();
        this.tokenizer = lab.tokenizer();
        this.groupSize = lab.settings().groupSize();
        this.sampler = new Sampler(policy);
        this.sampling =
                new SamplingSettings(
                        lab.settings().ppo().temperature(), lab.settings().maxTokens());
    }

    /// One group of trials of each prompt, as rollouts are sampled.
    List<Trial> write(List<PromptItem> prompts, long seed) {
        return write(prompts, groupSize, seed);
    }

    /// `samples` trials of each prompt, one prompt's beside each other; `seed` decides them all.
    List<Trial> write(List<PromptItem> prompts, int samples, long seed) {
        List<Sampler.Request> requests = new ArrayList<>();
        for (PromptItem prompt : prompts) {
            int[] tokens = tokenizer.encode(prompt.text());
            for (int i = 0; i < samples; i++) {
                requests.add(new Sampler.Request(tokens, seed * 1_000_003L + requests.size()));
            }
        }
        List<Sampler.Sample> sampled = sampler.sample(requests, sampling);
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < sampled.size(); i++) {
            PromptItem prompt = prompts.get(i / samples);
            Sampler.Sample sample = sampled.get(i);
            String completion = tokenizer.decode(sample.tokens());
            trials.add(
                    new Trial(
                            prompt.text(),
                            prompt.category(),
                            completion,
                            requests.get(i).promptTokens(),
                            sample.tokens(),
                            sample.logprobs(),
                            sample.ended(),
                            world.gold(prompt.text(), completion, sample.ended())));
        }
        return trials;
    }

    @Override
    public void close() {
        sampler.close();
    }
}
