package rlaif.trainers.sft;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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

/// One optimizer step of supervised fine-tuning on a batch of demonstrations.
public final class SftUpdate {
    private final Transformer model;
    private final AdamW optimizer;
    private final MicroBatching microBatching;

    public SftUpdate(Transformer model, AdamW optimizer) {
        this(model, optimizer, MicroBatching.undivided());
    }

    public SftUpdate(Transformer model, AdamW optimizer, MicroBatching microBatching) {
        this.model = model;
        this.optimizer = optimizer;
        this.microBatching = microBatching;
    }

    /// Minimises {@link SupervisedLoss} once and returns `loss` (nats a token), `grad_norm`,
    /// `num_tokens`, `learning_rate` and the {@link BatchShape}.
    public Map<String, Double> update(List<SupervisedExample> batch, double learningRate) {
        List<SequenceBatch> parts =
                microBatching.cut(batch, SupervisedExample::tokens).stream()
                        .map(this::sequences)
                        .toList();
        AdamW.StepResult step =
                optimizer.step(
                        learningRate,
                        PartLosses.of(parts, SequenceBatch::completionTokenCount, this::loss));
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("loss", step.loss());
        metrics.put("grad_norm", step.gradientNorm());
        metrics.put(
                "num_tokens",
                (double) parts.stream().mapToLong(SequenceBatch::completionTokenCount).sum());
        metrics.put("learning_rate", learningRate);
        metrics.putAll(BatchShape.of(parts).metrics());
        return metrics;
    }

    private SequenceBatch sequences(List<SupervisedExample> part) {
        return new SequenceBatch(
                part.stream().map(SupervisedExample::prompt).toList(),
                part.stream().map(SupervisedExample::completion).toList(),
                model.shape().padTokenId());
    }

    private NDArray loss(NDManager manager, SequenceBatch part) {
        NDArray logprobs = Logprobs.ofNextTokens(manager, model, part, 1.0f); // (batch,time-1)
        return SupervisedLoss.of(logprobs, part.completionMask(manager));
    }
}
