package rlaif.trainers.dpo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import rlaif.models.AdamW;
import rlaif.models.Logprobs;
import rlaif.models.SequenceBatch;
import rlaif.models.Transformer;
import rlaif.trainers.reward.LabelledPair;

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

    public DpoUpdate(
            Transformer policy, AdamW optimizer, Transformer reference, DpoSettings settings) {
        this.policy = policy;
        this.optimizer = optimizer;
        this.reference = reference;
        this.settings = settings;
    }

    /// Learns from `batch`. Returns the metrics of {@link DpoMetrics}.
    public Map<String, Double> update(List<LabelledPair> batch, double learningRateFactor) {
        if (batch.size() < settings.minibatches()) {
            throw new IllegalArgumentException(
                    "a DPO batch of %d pairs cannot be cut into %d minibatches"
                            .formatted(batch.size(), settings.minibatches()));
        }
        DpoMetrics metrics = new DpoMetrics(settings.objective().beta());
        double learningRate = settings.learningRate() * learningRateFactor;
        for (int m = 0; m < settings.minibatches(); m++) {
            int from = m * batch.size() / settings.minibatches();
            int to = (m + 1) * batch.size() / settings.minibatches();
            improve(batch.subList(from, to), learningRate, metrics);
        }
        return metrics.summary(learningRate);
    }

    private void improve(List<LabelledPair> pairs, double learningRate, DpoMetrics metrics) {
        SequenceBatch sequences = both(pairs);
        float[] ofReference; // (2 pairs), as all below
        try (NDManager step = reference.manager().newSubManager()) {
            ofReference = logprobs(reference, step, sequences).toFloatArray();
        }
        try {
            metrics.improved(
                    optimizer.step(
                            learningRate,
                            manager -> loss(manager, pairs, sequences, ofReference, metrics)));
        } catch (ArithmeticException notFinite) {
            metrics.skippedUpdate();
        }
    }

    private NDArray loss(
            NDManager manager,
            List<LabelledPair> pairs,
            SequenceBatch sequences,
            float[] ofReference,
            DpoMetrics metrics) {
        NDArray ofPolicy = logprobs(policy, manager, sequences);
        metrics.saw(pairs, ofPolicy.toFloatArray(), ofReference);
        NDArray ratios = ofPolicy.sub(manager.create(ofReference).duplicate()); // log pi/pi_ref
        NDArray first = ratios.get("0:{}", pairs.size()); // (pairs)
        NDArray second = ratios.get("{}:", pairs.size()); // (pairs)
        return settings.objective().loss(manager, first.sub(second), labels(manager, pairs));
    }

    /// Log-probability of every whole completion: its tokens' summed.
    private NDArray logprobs(Transformer model, NDManager step, SequenceBatch sequences) {
        NDArray tokens = sequences.tokens(step); // (batch,time)
        NDArray logits = model.logits(step, sequences); // (batch,time,vocabulary)
        NDArray ofTokens =
                Logprobs.ofNextTokens(step, logits, tokens, (float) settings.temperature());
        return ofTokens.mul(sequences.completionMask(step)).sum(new int[] {1}); // (batch)
    }

    /// All first completions, then all second ones.
    private SequenceBatch both(List<LabelledPair> pairs) {
        List<int[]> prompts = new ArrayList<>(pairs.stream().map(LabelledPair::prompt).toList());
        prompts.addAll(List.copyOf(prompts));
        List<int[]> completions = new ArrayList<>(pairs.stream().map(LabelledPair::first).toList());
        completions.addAll(pairs.stream().map(LabelledPair::second).toList());
        return new SequenceBatch(prompts, completions, policy.shape().padTokenId());
    }

    private static NDArray labels(NDManager manager, List<LabelledPair> pairs) {
        float[] labels = new float[pairs.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (float) pairs.get(i).firstProbability();
        }
        return manager.create(labels).duplicate(); // (pairs)
    }
}
