package rlaif.trainers.sft;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rlaif.models.AdamW;
import rlaif.models.Logprobs;
import rlaif.models.SequenceBatch;
import rlaif.models.Transformer;

/// One optimizer step of supervised fine-tuning on a batch of demonstrations.
public final class SftUpdate {
    private final Transformer model;
    private final AdamW optimizer;

    public SftUpdate(Transformer model, AdamW optimizer) {
        this.model = model;
        this.optimizer = optimizer;
    }

    /// Minimises {@link SupervisedLoss} once and returns `loss` (nats a token), `grad_norm`,
    /// `num_tokens` and `learning_rate`.
    public Map<String, Double> update(List<SupervisedExample> batch, double learningRate) {
        SequenceBatch sequences =
                new SequenceBatch(
                        batch.stream().map(SupervisedExample::prompt).toList(),
                        batch.stream().map(SupervisedExample::completion).toList(),
                        model.shape().padTokenId());
        AdamW.StepResult step =
                optimizer.step(
                        learningRate,
                        manager -> {
                            NDArray tokens = sequences.tokens(manager); // (batch,time)
                            NDArray logits =
                                    model.logits(manager, sequences); // (batch,time,vocabulary)
                            NDArray logprobs = Logprobs.ofNextTokens(manager, logits, tokens, 1.0f);
                            return SupervisedLoss.of(logprobs, sequences.completionMask(manager));
                        });
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("loss", step.loss());
        metrics.put("grad_norm", step.gradientNorm());
        metrics.put(
                "num_tokens",
                (double) batch.stream().mapToInt(example -> example.completion().length).sum());
        metrics.put("learning_rate", learningRate);
        return metrics;
    }
}
