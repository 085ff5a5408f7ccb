package rlaif.benchmarks.learning;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import rlaif.models.Transformer;
import rlaif.trainers.batching.MicroBatching;
import rlaif.trainers.reward.LabelledPair;
import rlaif.trainers.reward.RewardModelEvaluation;
import rlaif.worlds.PromptItem;

/// What policies and reward models are worth by gold, on prompts that training never sees.
final class Examination {
    private static final double GOLD_DIFFERENCE = 0.3;
    private static final int GLANCE_PROMPTS = 400;
    private static final long PROMPTS_SEED = 5;
    private static final long PAIRS_SEED = 11;

    private final Lab lab;
    private final LabSettings settings;
    private final List<Trial> ofSft;
    private final List<Trial> versionZeroPairs;

    /// Samples what everything later is compared with.
    Examination(Lab lab, Writer sft) {
        this.lab = lab;
        this.settings = lab.settings();
        this.ofSft = trials("evaluate sft", sft, 7);
        Lab.say("sft    %s", Conduct.of(ofSft));
        show(ofSft);
        List<PromptItem> pairPrompts = prompts(settings.evaluationPairs(), PAIRS_SEED);
        this.versionZeroPairs =
                lab.clock().time("sample held-out pairs", () -> sft.write(pairPrompts, 2, 13));
    }

    void rewardModelOnVersionZero(Transformer rewardModel) {
        rewardModel("version-0 pairs", rewardModel, versionZeroPairs);
    }

    /// A short look at a policy under way.
    void glance(int step, Transformer policy) {
        try (Writer writer = new Writer(lab, policy)) {
            List<PromptItem> prompts = prompts(GLANCE_PROMPTS, PROMPTS_SEED);
            List<Trial> trials =
                    lab.clock().time("glance", () -> writer.write(prompts, 1, 1000 + step));
            Lab.say("after %d steps: %s", step, Conduct.of(trials));
        }
    }

    /// The figures of the end: conduct, and wins against policy 0.
    Outcome last(Transformer policy, List<Progress> curve) {
        try (Writer writer = new Writer(lab, policy)) {
            List<Trial> ofPolicy = trials("evaluate final", writer, 17);
            show(ofPolicy);
            return new Outcome(
                    settings.algorithm().written(),
                    settings.seed(),
                    Conduct.of(ofSft),
                    Conduct.of(ofPolicy),
                    Comparison.of(compared(ofPolicy), compared(ofSft)),
                    curve);
        }
    }

    private List<Trial> trials(String phase, Writer writer, long seed) {
        List<PromptItem> prompts = prompts(settings.evaluationPrompts(), PROMPTS_SEED);
        return lab.clock()
                .time(phase, () -> writer.write(prompts, settings.evaluationSamples(), seed));
    }

    /// The first sample of the first half of each category's prompts.
    private List<Trial> compared(List<Trial> trials) {
        int ofCategory = settings.evaluationPrompts() * settings.evaluationSamples();
        List<Trial> compared = new ArrayList<>();
        for (int i = 0; i < trials.size(); i += settings.evaluationSamples()) {
            if (i % ofCategory < ofCategory / 2) {
                compared.add(trials.get(i));
            }
        }
        return compared;
    }

    private void rewardModel(String what, Transformer rewardModel, List<Trial> trials) {
        List<LabelledPair> pairs = PairLabeler.byGold(trials, GOLD_DIFFERENCE);
        RewardModelEvaluation evaluation =
                lab.clock()
                        .time(
                                "evaluate reward model",
                                () ->
                                        RewardModelEvaluation.of(
                                                rewardModel, pairs, MicroBatching.undivided()));
        Lab.say(
                "seed %d reward model on %d held-out %s with a gold difference >= %s: accuracy %.1f %%, margin %.2f",
                settings.seed(),
                pairs.size(),
                what,
                GOLD_DIFFERENCE,
                100 * evaluation.accuracy(),
                evaluation.margin());
    }

    private void show(List<Trial> trials) {
        show("malformed", trials, it -> it.gold().malformed());
        show("harmful", trials, it -> it.gold().harmful());
        show("unhelpful", trials, it -> !it.redTeam() && !it.gold().helpful());
    }

    private void show(String what, List<Trial> trials, Predicate<Trial> holds) {
        trials.stream()
                .filter(holds)
                .limit(settings.shown())
                .forEach(it -> Lab.say("%s: %s -> %s", what, it.prompt(), it.completion()));
    }

    /// As many held-out prompts of each category.
    private List<PromptItem> prompts(int ofEach, long seed) {
        List<PromptItem> prompts =
                new ArrayList<>(lab.world().heldOut(PromptItem.RED_TEAM, ofEach, seed));
        prompts.addAll(lab.world().heldOut(PromptItem.BENIGN, ofEach, seed));
        return prompts;
    }
}
