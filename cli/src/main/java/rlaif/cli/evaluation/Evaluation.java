package rlaif.cli.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import rlaif.models.Logprobs;
import rlaif.models.Sampler;
import rlaif.models.SamplingSettings;
import rlaif.models.SequenceBatch;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.trainers.reward.RewardScores;
import rlaif.worlds.PracticeWorld;
import rlaif.worlds.PromptItem;

/// Samples policies on held-out prompts of a practice world and measures them by its gold.
public final class Evaluation {
    private static final int BATCH = 256;

    /// Two samplings of one policy differ by 2 to 4 points in helpfulness; four a prompt settle it.
    private static final int BENIGN_SAMPLES = 4;

    private static final int RED_TEAM_SAMPLES = 4;
    private static final int REWARD_MODEL_PAIRS = 2_000;
    private static final double CLEAR_DIFFERENCE = 0.3;

    private final PracticeWorld world;
    private final Tokenizer tokenizer;
    private final SamplingSettings sampling;
    private final List<PromptItem> redTeam;
    private final List<PromptItem> benign;
    private final Consumer<String> progress;

    /// @param prompts held-out prompts of each category
    public Evaluation(
            PracticeWorld world,
            Tokenizer tokenizer,
            SamplingSettings sampling,
            int prompts,
            long seed,
            Consumer<String> progress) {
        this.world = world;
        this.tokenizer = tokenizer;
        this.sampling = sampling;
        this.redTeam = world.heldOut("red-team", prompts, seed);
        this.benign = world.heldOut("benign", prompts, seed);
        this.progress = progress;
    }

    /// Measures `last` against `sft`, and the reward model on pairs of both.
    public Comparison compare(Transformer sft, Transformer last, Transformer rewardModel) {
        Answers before = answers(sft, "policy 0", 0x5f7L);
        Answers after = answers(last, "the final policy", 0xf17a1L);
        progress.accept("scoring pairs with the reward model");
        return comparison(
                sft, before, after, accuracy(rewardModel, before), accuracy(rewardModel, after));
    }

    /// Measures `last` against `sft`.
    public Comparison compare(Transformer sft, Transformer last) {
        Answers before = answers(sft, "policy 0", 0x5f7L);
        Answers after = answers(last, "the final policy", 0xf17a1L);
        return comparison(sft, before, after, null, null);
    }

    private Comparison comparison(
            Transformer sft,
            Answers before,
            Answers after,
            @Nullable Double rewardModelAccuracy,
            @Nullable Double rewardModelAccuracyNow) {
        return new Comparison(
                Rates.of(first(before.redTeam, RED_TEAM_SAMPLES), before.benign),
                Rates.of(first(after.redTeam, RED_TEAM_SAMPLES), after.benign),
                WinRate.of(half(after), half(before)),
                klNatsPerCompletion(sft, half(after)),
                rewardModelAccuracy,
                rewardModelAccuracyNow,
                examples(before, after));
    }

    /// Samples of every held-out prompt, those of one prompt beside each other.
    private record Answers(List<Answer> redTeam, List<Answer> benign) {}

    private Answers answers(Transformer policy, String name, long seed) {
        progress.accept(
                "sampling "
                        + name
                        + " on "
                        + (redTeam.size() + benign.size())
                        + " held-out prompts");
        try (Sampler sampler = new Sampler(policy)) {
            return new Answers(
                    answers(sampler, redTeam, RED_TEAM_SAMPLES, seed),
                    answers(sampler, benign, BENIGN_SAMPLES, seed + 1));
        }
    }

    private List<Answer> answers(
            Sampler sampler, List<PromptItem> prompts, int samples, long seed) {
        List<Sampler.Request> requests = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            int[] tokens = tokenizer.encodePrompt(prompts.get(i).text());
            for (int s = 0; s < samples; s++) {
                requests.add(
                        new Sampler.Request(tokens, seed * 1_000_003L + (long) i * samples + s));
            }
        }
        List<Sampler.Sample> sampled = sampler.sample(requests, sampling);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < sampled.size(); i++) {
            PromptItem prompt = prompts.get(i / samples);
            Sampler.Sample sample = sampled.get(i);
            String completion = tokenizer.decode(sample.tokens());
            answers.add(
                    new Answer(
                            prompt,
                            requests.get(i).promptTokens(),
                            sample,
                            completion,
                            world.gold(prompt.text(), completion, sample.ended())));
        }
        return answers;
    }

    /// The first sample of each of the first half of the prompts, red team then benign.
    private static List<Answer> half(Answers answers) {
        List<Answer> redTeam = first(answers.redTeam, RED_TEAM_SAMPLES);
        List<Answer> benign = first(answers.benign, BENIGN_SAMPLES);
        List<Answer> half = new ArrayList<>(redTeam.subList(0, redTeam.size() / 2));
        half.addAll(benign.subList(0, benign.size() / 2));
        return half;
    }

    private static List<Answer> first(List<Answer> answers, int samples) {
        List<Answer> first = new ArrayList<>();
        for (int i = 0; i < answers.size(); i += samples) {
            first.add(answers.get(i));
        }
        return first;
    }

    /// Mean over completions of the sum over tokens of log π_final - log π_sft.
    private double klNatsPerCompletion(Transformer sft, List<Answer> answers) {
        double sum = 0;
        for (int from = 0; from < answers.size(); from += BATCH) {
            List<Answer> batch = answers.subList(from, Math.min(from + BATCH, answers.size()));
            SequenceBatch sequences =
                    new SequenceBatch(
                            batch.stream().map(Answer::promptTokens).toList(),
                            batch.stream().map(answer -> answer.sample().tokens()).toList(),
                            sft.shape().padTokenId());
            try (NDManager step = sft.manager().newSubManager()) {
                NDArray tokens = sequences.tokens(step); // (batch, time)
                NDArray reference =
                        Logprobs.ofNextTokens(
                                step,
                                sft.logits(step, tokens),
                                tokens,
                                (float) sampling.temperature());
                sum -= reference.mul(sequences.completionMask(step)).sum().getFloat();
            }
            for (Answer answer : batch) {
                for (float logprob : answer.sample().logprobs()) {
                    sum += logprob;
                }
            }
        }
        return answers.isEmpty() ? 0 : sum / answers.size();
    }

    /// How often the reward model orders two samples of one prompt as gold clearly does.
    private double accuracy(Transformer rewardModel, Answers answers) {
        List<Answer> first = new ArrayList<>();
        List<Answer> second = new ArrayList<>();
        clearPairs(answers.benign, REWARD_MODEL_PAIRS / 2, first, second);
        clearPairs(answers.redTeam, REWARD_MODEL_PAIRS - first.size(), first, second);
        double[] firstScores = scores(rewardModel, first);
        double[] secondScores = scores(rewardModel, second);
        int right = 0;
        for (int i = 0; i < first.size(); i++) {
            double gold = first.get(i).gold().scalar() - second.get(i).gold().scalar();
            if ((firstScores[i] - secondScores[i]) * gold > 0) {
                right++;
            }
        }
        return first.isEmpty() ? 0 : (double) right / first.size();
    }

    private static void clearPairs(
            List<Answer> answers, int limit, List<Answer> first, List<Answer> second) {
        int taken = 0;
        for (int i = 0; i + 1 < answers.size() && taken < limit; i += 2) {
            double difference = answers.get(i).gold().scalar() - answers.get(i + 1).gold().scalar();
            if (Math.abs(difference) >= CLEAR_DIFFERENCE) {
                first.add(answers.get(i));
                second.add(answers.get(i + 1));
                taken++;
            }
        }
    }

    private static double[] scores(Transformer rewardModel, List<Answer> answers) {
        return RewardScores.raw(
                rewardModel,
                answers.stream().map(Answer::promptTokens).toList(),
                answers.stream().map(answer -> answer.sample().tokens()).toList());
    }

    /// Three prompts whose answer the training made better.
    private static List<Comparison.Example> examples(Answers before, Answers after) {
        List<Comparison.Example> examples = new ArrayList<>();
        for (int i = 0; i < before.redTeam.size() && examples.size() < 3; i += RED_TEAM_SAMPLES) {
            Answer was = before.redTeam.get(i);
            Answer is = after.redTeam.get(i);
            boolean seen =
                    examples.stream().anyMatch(example -> example.after().equals(is.completion()));
            if (was.gold().harmful() && !is.gold().harmful() && !seen) {
                examples.add(
                        new Comparison.Example(
                                was.prompt().text(), was.completion(), is.completion()));
            }
        }
        return examples;
    }
}
