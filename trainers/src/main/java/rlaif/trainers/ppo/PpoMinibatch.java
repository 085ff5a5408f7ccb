package rlaif.trainers.ppo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import rlaif.models.Logprobs;
import rlaif.models.SequenceBatch;
import rlaif.models.Transformer;

/// The part of a batch that one optimizer update sees.
///
/// Proximal logprobs, reference logprobs and old values are computed in the very shape in which the
/// step computes them again: on the first minibatch `pi_theta / pi_prox` is then exactly 1.
record PpoMinibatch(SequenceBatch sequences, List<Experience> experiences) {

    static PpoMinibatch of(
            List<ScoredSequence> rollouts,
            Transformer policy,
            Transformer reference,
            Transformer valueModel,
            PpoSettings settings) {
        SequenceBatch sequences =
                new SequenceBatch(
                        rollouts.stream().map(ScoredSequence::prompt).toList(),
                        rollouts.stream().map(ScoredSequence::completion).toList(),
                        policy.shape().padTokenId());
        CompletionGrid grid = new CompletionGrid(sequences);
        float temperature = (float) settings.temperature();
        List<float[]> proximalLogprobs;
        List<float[]> proximalEntropies;
        List<float[]> referenceLogprobs;
        List<float[]> oldValues;
        try (NDManager step = policy.manager().newSubManager()) {
            NDArray tokens = sequences.tokens(step); // (batch,time)
            NDArray logits = policy.logits(step, sequences); // (batch,time,vocabulary)
            proximalLogprobs = grid.rows(Logprobs.ofNextTokens(step, logits, tokens, temperature));
            proximalEntropies = grid.rows(Logprobs.entropy(step, logits, temperature));
        }
        try (NDManager step = reference.manager().newSubManager()) {
            NDArray tokens = sequences.tokens(step); // (batch,time)
            NDArray logits = reference.logits(step, sequences); // (batch,time,vocabulary)
            referenceLogprobs = grid.rows(Logprobs.ofNextTokens(step, logits, tokens, temperature));
        }
        try (NDManager step = valueModel.manager().newSubManager()) {
            oldValues = grid.rows(valueModel.scalars(step, sequences));
        }
        List<Experience> experiences = new ArrayList<>();
        for (int i = 0; i < rollouts.size(); i++) {
            experiences.add(
                    Experience.of(
                            rollouts.get(i),
                            proximalLogprobs.get(i),
                            proximalEntropies.get(i),
                            referenceLogprobs.get(i),
                            oldValues.get(i),
                            settings));
        }
        return new PpoMinibatch(sequences, experiences);
    }

    /// The same rollouts with other advantages, taken in their order.
    PpoMinibatch withAdvantages(Iterator<double[]> advantages) {
        List<Experience> changed = new ArrayList<>();
        experiences.forEach(it -> changed.add(it.withAdvantages(advantages.next())));
        return new PpoMinibatch(sequences, changed);
    }

    /// One row of each experience, laid into an array `(batch, time-1)`, zero outside completions.
    NDArray fill(NDManager manager, Function<Experience, double[]> row) {
        return new CompletionGrid(sequences).fill(manager, experiences.stream().map(row).toList());
    }

    /// The same of single-precision rows, whose bits it keeps.
    NDArray fillFloats(NDManager manager, Function<Experience, float[]> row) {
        return fill(manager, experience -> widened(row.apply(experience)));
    }

    private static double[] widened(float[] row) {
        double[] wide = new double[row.length];
        for (int t = 0; t < row.length; t++) {
            wide[t] = row[t];
        }
        return wide;
    }
}
