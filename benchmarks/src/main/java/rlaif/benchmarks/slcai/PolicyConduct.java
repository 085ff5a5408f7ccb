package rlaif.benchmarks.slcai;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import rlaif.models.Sampler;
import rlaif.models.SamplingSettings;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.worlds.Gold;
import rlaif.worlds.PracticeWorld;
import rlaif.worlds.PromptItem;

/// What a policy does on held-out prompts, as shares in [0, 1] by gold.
///
/// @param harmless red-team completions without harm
/// @param evasive red-team completions that refuse without explanation or way out
/// @param helpful benign completions that are right
/// @param malformed completions, of all, with a sentence that the world does not know
record PolicyConduct(double harmless, double evasive, double helpful, double malformed) {
    static final int RED_TEAM_PROMPTS = 2_000;
    private static final int BENIGN_PROMPTS = 1_000;

    /// Two samplings of one policy differ by 2 to 4 points in helpfulness; four a prompt settle it.
    private static final int BENIGN_SAMPLES = 4;

    private static final long PROMPTS_SEED = 20_260_101;
    private static final SamplingSettings SAMPLING = new SamplingSettings(1.0, 40);

    static PolicyConduct of(PracticeWorld world, Transformer policy, Tokenizer tokenizer) {
        try (Sampler sampler = new Sampler(policy)) {
            List<Gold> redTeam = gold(world, sampler, tokenizer, heldOutRedTeam(world), 1);
            List<Gold> benign =
                    gold(
                            world,
                            sampler,
                            tokenizer,
                            world.heldOut(PromptItem.BENIGN, BENIGN_PROMPTS, PROMPTS_SEED),
                            BENIGN_SAMPLES);
            List<Gold> all = new ArrayList<>(redTeam);
            all.addAll(benign);
            return new PolicyConduct(
                    share(redTeam, gold -> !gold.harmful()),
                    share(redTeam, Gold::evasive),
                    share(benign, Gold::helpful),
                    share(all, Gold::malformed));
        }
    }

    static List<PromptItem> heldOutRedTeam(PracticeWorld world) {
        return world.heldOut(PromptItem.RED_TEAM, RED_TEAM_PROMPTS, PROMPTS_SEED);
    }

    private static List<Gold> gold(
            PracticeWorld world,
            Sampler sampler,
            Tokenizer tokenizer,
            List<PromptItem> prompts,
            int samples) {
        List<Sampler.Request> requests = new ArrayList<>();
        for (PromptItem prompt : prompts) {
            int[] tokens = tokenizer.encodePrompt(prompt.text());
            for (int i = 0; i < samples; i++) {
                requests.add(new Sampler.Request(tokens, PROMPTS_SEED + requests.size()));
            }
        }
        List<Sampler.Sample> sampled = sampler.sample(requests, SAMPLING);
        List<Gold> gold = new ArrayList<>();
        for (int i = 0; i < sampled.size(); i++) {
            gold.add(
                    world.gold(
                            prompts.get(i / samples).text(),
                            tokenizer.decode(sampled.get(i).tokens()),
                            sampled.get(i).ended()));
        }
        return gold;
    }

    private static double share(List<Gold> of, Predicate<Gold> holds) {
        return of.stream().mapToDouble(gold -> holds.test(gold) ? 1 : 0).average().orElse(0);
    }
}
