package rlaif.trainers.dpo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rlaif.models.AdamW;
import rlaif.models.Logprobs;
import rlaif.models.SequenceBatch;
import rlaif.models.Transformer;
import rlaif.trainers.batching.BatchShape;
import rlaif.trainers.batching.MicroBatching;
import rlaif.trainers.batching.PartLosses;
import rlaif.trainers.reward.LabelledPair;
import rlaif.trainers.reward.PairPasses;

/// One step of direct preference optimisation: labelled pairs in, a better policy out.
///
/// For every minibatch, in the order of the batch: the reference policy's logprobs of both
/// completions, without gradients; then one optimizer update ({@link DirectObjective}). One without
/// a finite loss and gradient is left out. Pairs that an older policy sampled are used as they are:
/// the loss compares two completions and does not ask who wrote them (Noukhovitch et al.
/// 2410.18252).
public final class DpoUpdate {
    private final Transformer policy;
    private final AdamW optimizer;
    private final Transformer reference;
    private final DpoSettings settings;
    private final MicroBatching microBatching;

    public DpoUpdate(
            Transformer policy, AdamW optimizer, Transformer reference, DpoSettings settings) {
        this(policy, optimizer, reference, settings, MicroBatching.undivided());
    }

    /// @param microBatching of every minibatch's pairs, by the tokens of both completions
    public DpoUpdate(
            Transformer policy,
            AdamW optimizer,
            Transformer reference,
            DpoSettings settings,
            MicroBatching microBatching) {
        this.policy = policy;
        this.optimizer = optimizer;
        this.reference = reference;
        this.settings = settings;
        this.microBatching = microBatching;
    }

    /// Learns from `batch`. Returns the metrics of {@link DpoMetrics}.
    public Map<String, Double> update(List<LabelledPair> batch, double learningRateFactor) {
        if (batch.size() < settings.minibatches()) {
            throw new IllegalArgumentException(
                    "a DPO batch of %d pairs cannot be cut into %d minibatches"
                            .formatted(batch.size(), settings.minibatches()));
        }
        DpoMetrics metrics = new DpoMetrics(settings.objective().beta());
        List<SequenceBatch> passes = new ArrayList<>();
        double learningRate = settings.learningRate() * learningRateFactor;
        for (int m = 0; m < settings.minibatches(); m++) {
            int from = m * batch.size() / settings.minibatches();
            int to = (m + 1) * batch.size() / settings.minibatches();
            List<Part> parts =
                    microBatching.cut(batch.subList(from, to), LabelledPair::tokens).stream()
                            .map(this::part)
                            .toList();
            parts.forEach(part -> passes.addAll(part.passes().passes()));
            improve(parts, learningRate, metrics);
        }
        Map<String, Double> summary = new LinkedHashMap<>(metrics.summary(learningRate));
        summary.putAll(BatchShape.of(passes).metrics());
        return summary;
    }

    /// Pairs of a minibatch that go through the models at once.
    ///
    /// @param ofReference logprobs of all first completions, then of all second ones (2 pairs)
    @SuppressWarnings("ArrayRecordComponent") // owned by the step that made it
    private record Part(PairPasses passes, float[] ofReference) {}

    private Part part(List<LabelledPair> pairs) {
        PairPasses passes = new PairPasses(pairs, microBatching, policy.shape().padTokenId());
        try (NDManager step = reference.manager().newSubManager()) {
            return new Part(
                    passes,
                    passes.of(step, pass -> logprobs(reference, step, pass)).toFloatArray());
        }
    }

    private void improve(List<Part> parts, double learningRate, DpoMetrics metrics) {
        try {
            metrics.improved(
                    optimizer.step(
                            learningRate,
                            PartLosses.of(
                                    parts,
                                    part -> part.passes().pairs().size(),
                                    (manager, part) -> loss(manager, part, metrics))));
        } catch (ArithmeticException notFinite) {
            metrics.skippedUpdate();
        }
    }

    private NDArray loss(NDManager manager, Part part, DpoMetrics metrics) {
        List<LabelledPair> pairs = part.passes().pairs();
        NDArray ofPolicy = // (2 pairs), as the next
                part.passes().of(manager, pass -> logprobs(policy, manager, pass));
        metrics.saw(pairs, ofPolicy.toFloatArray(), part.ofReference());
        NDArray ratios = // log pi/pi_ref
                ofPolicy.sub(manager.create(part.ofReference()).duplicate());
        NDArray first = ratios.get("0:{}", pairs.size()); // (pairs)
        NDArray second = ratios.get("{}:", pairs.size()); // (pairs)
        return settings.objective().loss(manager, first.sub(second), labels(manager, pairs));
    }

    /// Log-probability of every whole completion: its tokens' summed.
    private NDArray logprobs(Transformer model, NDManager step, SequenceBatch sequences) {
        NDArray ofTokens = // (batch,time-1)
                Logprobs.ofNextTokens(step, model, sequences, (float) settings.temperature());
        return ofTokens.mul(sequences.completionMask(step)).sum(new int[] {1}); // (batch)
    }

    private static NDArray labels(NDManager manager, List<LabelledPair> pairs) {
        float[] labels = new float[pairs.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (float) pairs.get(i).firstProbability();
        }
        return manager.create(labels).duplicate(); // (pairs)
    }
}
