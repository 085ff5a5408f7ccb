package rlaif.benchmarks.trainers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import rlaif.models.AdamW;
import rlaif.models.Sampler;
import rlaif.models.SamplingSettings;
import rlaif.models.Transformer;
import rlaif.trainers.TrainedWeights;
import rlaif.trainers.ppo.PpoSettings;
import rlaif.trainers.ppo.PpoUpdate;
import rlaif.trainers.ppo.ScoredSequence;

/// PPO on rollouts of spread lengths: policy, reference and value model with their optimizers.
final class PpoWork implements AutoCloseable {
    private static final int SHORTEST = 8; // tokens of a completion
    private static final int LONGEST = 64;

    private final Transformer policy;
    private final Transformer reference;
    private final Transformer valueModel;
    private final AdamW policyOptimizer;
    private final AdamW valueOptimizer;
    private final PpoUpdate update;
    private final List<ScoredSequence> rollouts;

    /// Every weight is trained.
    PpoWork(BenchModel model, int count) {
        this(model, count, new TrainedWeights.Every());
    }

    PpoWork(BenchModel model, int count, TrainedWeights weights) {
        Transformer first = model.policy();
        rollouts = rollouts(model, first, count);
        switch (weights) {
            case TrainedWeights.Every() -> {
                policy = first;
                reference = model.policy();
                valueModel = policy.withZeroScalarHead();
            }
            case TrainedWeights.Adapters(var shape) -> {
                policy = first.adapted(shape, 1);
                reference = first;
                valueModel = first.adaptedWithZeroScalarHead(shape, 2);
            }
        }
        policyOptimizer = new AdamW(policy, PpoSettings.ADAM);
        valueOptimizer = new AdamW(valueModel, PpoSettings.ADAM);
        update =
                new PpoUpdate(
                        policy,
                        policyOptimizer,
                        reference,
                        valueModel,
                        valueOptimizer,
                        PpoSettings.defaults());
    }

    private static List<ScoredSequence> rollouts(BenchModel model, Transformer policy, int count) {
        Random random = new Random(17);
        Prompts prompts = new Prompts(model.shape(), 19);
        List<Sampler.Request> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] prompt = prompts.next(1, 16 + random.nextInt(17)).getFirst();
            int most = SHORTEST + random.nextInt(LONGEST - SHORTEST + 1);
            requests.add(new Sampler.Request(prompt, random.nextLong(), most));
        }
        List<ScoredSequence> rollouts = new ArrayList<>();
        try (Sampler sampler = new Sampler(policy)) {
            List<Sampler.Sample> samples =
                    sampler.sample(requests, new SamplingSettings(1, LONGEST));
            for (int i = 0; i < count; i++) {
                Sampler.Sample sample = samples.get(i);
                rollouts.add(
                        new ScoredSequence(
                                requests.get(i).promptTokens(),
                                sample.tokens(),
                                sample.logprobs(),
                                random.nextGaussian(),
                                sample.ended(),
                                0,
                                "group-" + i));
            }
        }
        return rollouts;
    }

    /// Learns from all rollouts once, and gives the metrics.
    Map<String, Double> update(long shuffleSeed) {
        return update.update(rollouts, shuffleSeed, 1);
    }

    int rollouts() {
        return rollouts.size();
    }

    /// The order that makes the twin ready for the same.
    ObjectNode order(Path folder) {
        ObjectNode order = Twin.order("ppo").put("folder", folder.toString());
        PpoSettings settings = PpoSettings.defaults();
        order.putObject("settings")
                .put("clipRange", settings.clipRange())
                .put("valueClipRange", settings.valueClipRange())
                .put("klCoefficient", settings.kl().beta())
                .put("discount", settings.discount())
                .put("lambda", settings.lambda())
                .put("epochs", settings.epochs())
                .put("minibatches", settings.minibatches())
                .put("proximalWeightLimit", settings.proximalWeightLimit())
                .put("behaviourRatioBound", settings.behaviourRatioBound())
                .put("learningRate", settings.learningRate())
                .put("valueLearningRate", settings.valueLearningRate())
                .put("missingEndPenalty", settings.missingEndPenalty());
        ArrayNode all = order.putArray("rollouts");
        for (ScoredSequence rollout : rollouts) {
            ObjectNode one = all.addObject();
            one.set("prompt", Twin.JSON.valueToTree(rollout.prompt()));
            one.set("completion", Twin.JSON.valueToTree(rollout.completion()));
            one.set("logprobs", Twin.JSON.valueToTree(rollout.behaviourLogprobs()));
            one.put("score", rollout.score()).put("ended", rollout.ended());
        }
        return order;
    }

    /// The order to learn from all rollouts once, cut as ours are.
    ObjectNode learnOrder(long shuffleSeed) {
        List<Integer> indices =
                new ArrayList<>(IntStream.range(0, rollouts.size()).boxed().toList());
        Collections.shuffle(indices, new Random(shuffleSeed));
        ObjectNode order = Twin.order("learn");
        order.set("order", Twin.JSON.valueToTree(indices));
        return order;
    }

    @Override
    public void close() {
        policyOptimizer.close();
        valueOptimizer.close();
        policy.close();
        valueModel.close();
        reference.close(); // under their adapters
    }
}
