package rlaif.benchmarks.learning;

import java.util.HashMap;
import java.util.Map;
import rlaif.models.AdamW;
import rlaif.trainers.dpo.Dpo;
import rlaif.trainers.dpo.DpoSettings;
import rlaif.trainers.ppo.KlController;
import rlaif.trainers.ppo.PpoSettings;

/// What the learning lab can be told, as `--name value` arguments; each has a default, and an
/// unknown name is an error.
///
/// @param algorithm by which the policy learns
/// @param seed of everything random
/// @param threads intra-op threads of the tensors
/// @param width of the policy
/// @param layers of the policy
/// @param heads of the policy
/// @param keyValueHeads of the policy
/// @param feedForwardWidth of the policy
/// @param sftSteps optimizer steps of supervised fine-tuning
/// @param sftBatch demonstrations a step
/// @param sftRate first learning rate of fine-tuning, falling to 0
/// @param sftWarmupSteps over which its learning rate rises
/// @param sftBeta2 of its optimizer
/// @param sftDecay weight decay of its optimizer
/// @param sftBucketBatches batches whose examples are sorted by length together
/// @param folder where policy 0 and outcomes are kept, and found by later runs; empty: nowhere
/// @param warmupPairs version-0 pairs that the reward model learns before the policy does
/// @param rewardBatch pairs an optimizer step of the reward model
/// @param rewardRate its learning rate during warm-up
/// @param rewardStreamRate its learning rate on the stream, beside the policy
/// @param rewardSwapSteps steps of the policy between versions of the reward model, each normalised
///   anew; 0: it stays as it was after warm-up
/// @param steps of the policy
/// @param prompts of each step
/// @param groupSize completions of a prompt
/// @param smallestLag in policy versions, between the policy that samples and the one that learns
/// @param largestLag drawn anew for each step from the smallest to this
/// @param policyWarmupSteps over which the policy's learning rate rises
/// @param maxTokens of a completion
/// @param evaluationPrompts held-out prompts of each category, at the end
/// @param evaluationSamples completions of each of them
/// @param evaluationPairs held-out pairs for the reward model, of which those that tie in gold fall
///   away
/// @param progressEvery steps between short evaluations; 0: none
/// @param shown completions of each kind of failure that are printed
/// @param ppo those of PPO, RLOO and GRPO
/// @param dpo those of DPO
record LabSettings(
        Algorithm algorithm,
        long seed,
        int threads,
        int width,
        int layers,
        int heads,
        int keyValueHeads,
        int feedForwardWidth,
        int sftSteps,
        int sftBatch,
        double sftRate,
        int sftWarmupSteps,
        double sftBeta2,
        double sftDecay,
        int sftBucketBatches,
        String folder,
        int warmupPairs,
        int rewardBatch,
        double rewardRate,
        double rewardStreamRate,
        int rewardSwapSteps,
        int steps,
        int prompts,
        int groupSize,
        int smallestLag,
        int largestLag,
        int policyWarmupSteps,
        int maxTokens,
        int evaluationPrompts,
        int evaluationSamples,
        int evaluationPairs,
        int progressEvery,
        int shown,
        PpoSettings ppo,
        DpoSettings dpo) {

    AdamW.Settings sftAdam() {
        return new AdamW.Settings(0.9, sftBeta2, 1e-8, sftDecay, 1);
    }

    /// The name of its outcome: what it is, and a digest of all that decides it.
    String name() {
        String all = toString().replace("folder=" + folder + ",", "");
        return "%s-seed-%d-%016x".formatted(algorithm.written(), seed, StableDigest.of(all));
    }

    static LabSettings of(String... arguments) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "expected --name value, got '" + arguments[i] + "'");
            }
            given.put(arguments[i].substring(2), arguments[i + 1]);
        }
        Reader reader = new Reader(given);
        Algorithm algorithm = Algorithm.named(reader.text("algorithm", "ppo"));
        LabSettings settings =
                new LabSettings(
                        algorithm,
                        (long) reader.number("seed", 1),
                        (int) reader.number("threads", 1),
                        (int) reader.number("width", 96),
                        (int) reader.number("layers", 3),
                        (int) reader.number("heads", 4),
                        (int) reader.number("key-value-heads", 2),
                        (int) reader.number("feed-forward-width", 256),
                        (int) reader.number("sft-steps", 2400),
                        (int) reader.number("sft-batch", 32),
                        reader.number("sft-rate", 5e-3),
                        (int) reader.number("sft-warmup-steps", 20),
                        reader.number("sft-beta2", 0.95),
                        reader.number("sft-decay", 0.01),
                        (int) reader.number("sft-bucket-batches", 8),
                        reader.text("folder", ""),
                        (int) reader.number("warmup-pairs", 3072),
                        (int) reader.number("reward-batch", 64),
                        reader.number("reward-rate", 1e-3),
                        reader.number("reward-stream-rate", 1e-3),
                        (int) reader.number("reward-swap-steps", 4),
                        (int) reader.number("steps", 35),
                        (int) reader.number("prompts", 64),
                        (int) reader.number("group-size", 4),
                        (int) reader.number("smallest-lag", 1),
                        (int) reader.number("largest-lag", 3),
                        (int) reader.number("policy-warmup-steps", 1),
                        (int) reader.number("max-tokens", 32),
                        (int) reader.number("evaluation-prompts", 1000),
                        (int) reader.number("evaluation-samples", 2),
                        (int) reader.number("evaluation-pairs", 1500),
                        (int) reader.number("progress-every", 0),
                        (int) reader.number("shown", 0),
                        ppo(reader, algorithm.ppo()),
                        dpo(reader));
        if (!given.isEmpty()) {
            throw new IllegalArgumentException("unknown settings " + given.keySet());
        }
        return settings;
    }

    private static PpoSettings ppo(Reader reader, PpoSettings defaults) {
        return new PpoSettings(
                reader.number("clip", defaults.clipRange()),
                reader.number("value-clip", defaults.valueClipRange()),
                new KlController.Fixed(reader.number("beta", defaults.kl().beta())),
                defaults.klEstimator(),
                reader.number("gamma", defaults.discount()),
                reader.number("lambda", defaults.lambda()),
                (int) reader.number("epochs", defaults.epochs()),
                (int) reader.number("minibatches", defaults.minibatches()),
                Boolean.parseBoolean(reader.text("decoupled", "true")),
                reader.number("weight-limit", defaults.proximalWeightLimit()),
                reader.number("behaviour-bound", defaults.behaviourRatioBound()),
                reader.number("policy-rate", defaults.learningRate()),
                reader.number("value-rate", defaults.valueLearningRate()),
                reader.number("end-penalty", defaults.missingEndPenalty()),
                reader.number("temperature", defaults.temperature()));
    }

    private static DpoSettings dpo(Reader reader) {
        DpoSettings defaults = DpoSettings.defaults();
        return new DpoSettings(
                new Dpo(reader.number("dpo-beta", defaults.objective().beta())),
                (int) reader.number("dpo-minibatches", defaults.minibatches()),
                reader.number("dpo-rate", defaults.learningRate()),
                defaults.temperature());
    }

    /// Takes settings out of what was given, so that what is left is unknown.
    private record Reader(Map<String, String> given) {
        String text(String name, String byDefault) {
            String text = given.remove(name);
            return text == null ? byDefault : text;
        }

        double number(String name, double byDefault) {
            return Double.parseDouble(text(name, String.valueOf(byDefault)));
        }
    }
}
