package rlaif.trainers.ppo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import rlaif.models.SequenceBatch;
import rlaif.models.Transformer;

/// The rollouts that one optimizer update sees, or a part of them that goes through the models at
/// once.
record PpoMinibatch(SequenceBatch sequences, List<Experience> experiences) {

    /// @param beta coefficient of the KL penalty in this step
    static PpoMinibatch of(
            List<ScoredSequence> rollouts,
            Transformer policy,
            Transformer reference,
            Transformer valueModel,
            double beta,
            PpoSettings settings) {
        SequenceBatch sequences = ScoredSequence.batch(rollouts, policy.shape().padTokenId());
        List<MeasuredRollout> measured =
                MeasuredRollout.of(sequences, rollouts, policy, reference, settings);
        List<float[]> oldValues;
        try (NDManager step = valueModel.manager().newSubManager()) {
            oldValues = new CompletionGrid(sequences).rows(valueModel.scalars(step, sequences));
        }
        List<Experience> experiences = new ArrayList<>();
        for (int i = 0; i < rollouts.size(); i++) {
            experiences.add(Experience.of(measured.get(i), oldValues.get(i), beta, settings));
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
        return new CompletionGrid(sequences)
                .fillFloats(manager, experiences.stream().map(row).toList());
    }

    List<MeasuredRollout> measured() {
        return experiences.stream().map(Experience::measured).toList();
    }
}
