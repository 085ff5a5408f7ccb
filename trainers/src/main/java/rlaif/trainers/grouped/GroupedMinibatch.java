package rlaif.trainers.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.Function;
import rlaif.models.SequenceBatch;
import rlaif.models.Transformer;
import rlaif.trainers.ppo.CompletionGrid;
import rlaif.trainers.ppo.MeasuredRollout;
import rlaif.trainers.ppo.PolicyMetrics;
import rlaif.trainers.ppo.PpoSettings;
import rlaif.trainers.ppo.ScoredSequence;

/// The rollouts that one optimizer update sees, or a part of them that goes through the models at
/// once.
///
/// @param completions that the update sees in all
record GroupedMinibatch(SequenceBatch sequences, List<MeasuredRollout> measured, int completions) {

    static GroupedMinibatch of(
            List<ScoredSequence> rollouts,
            int completions,
            Transformer policy,
            Transformer reference,
            PpoSettings settings) {
        SequenceBatch sequences = ScoredSequence.batch(rollouts, policy.shape().padTokenId());
        return new GroupedMinibatch(
                sequences,
                MeasuredRollout.of(sequences, rollouts, policy, reference, settings),
                completions);
    }

    /// One row of each rollout, laid into an array `(batch, time-1)`, zero outside completions.
    NDArray fill(NDManager manager, Function<MeasuredRollout, double[]> row) {
        return new CompletionGrid(sequences).fill(manager, measured.stream().map(row).toList());
    }

    /// The same of single-precision rows, whose bits it keeps.
    NDArray fillFloats(NDManager manager, Function<MeasuredRollout, float[]> row) {
        return new CompletionGrid(sequences)
                .fillFloats(manager, measured.stream().map(row).toList());
    }

    /// Tells `metrics` the ratios of an update under way.
    void read(NDArray ratios, Groups groups, PolicyMetrics metrics) {
        List<float[]> rows = new CompletionGrid(sequences).rows(ratios);
        for (int i = 0; i < rows.size(); i++) {
            MeasuredRollout it = measured.get(i);
            metrics.sawRatios(rows.get(i), groups.advantages(it), it.trust());
        }
    }
}
