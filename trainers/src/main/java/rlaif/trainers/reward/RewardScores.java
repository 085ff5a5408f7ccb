package rlaif.trainers.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import rlaif.models.SequenceBatch;
import rlaif.models.Transformer;
import rlaif.trainers.batching.MicroBatching;

/// What a reward model says of completions: its scalar at the last token of each, before any
/// normalisation.
///
/// Sequences go through the model in slices of like length, so that little of a slice is padding; a
/// slice of more tokens than a training step may have in memory is divided as that step is. Neither
/// changes a score but by rounding.
public final class RewardScores {
    private static final int SLICE_SEQUENCES = 64;

    private RewardScores() {}

    /// The raw score of every completion, in the order given, in slices of 64; gradients play no
    /// part.
    public static double[] raw(
            Transformer rewardModel, List<int[]> prompts, List<int[]> completions) {
        return raw(rewardModel, prompts, completions, MicroBatching.undivided());
    }

    /// The same within a budget.
    ///
    /// @param budget of the tokens that are in memory at once
    public static double[] raw(
            Transformer rewardModel,
            List<int[]> prompts,
            List<int[]> completions,
            MicroBatching budget) {
        int[] lengths =
                IntStream.range(0, prompts.size())
                        .map(i -> prompts.get(i).length + completions.get(i).length)
                        .toArray();
        double[] scores = new double[prompts.size()];
        for (List<Integer> slice : slices(lengths, budget)) {
            try (NDManager step = rewardModel.manager().newSubManager()) {
                SequenceBatch sequences = batch(rewardModel, slice, prompts, completions);
                float[] sliceScores = atLastToken(rewardModel, step, sequences).toFloatArray();
                for (int i = 0; i < sliceScores.length; i++) {
                    scores[slice.get(i)] = sliceScores[i];
                }
            }
        }
        return scores;
    }

    /// The scalar head read at the last token that is not padding; differentiable when gradients
    /// are on.
    static NDArray atLastToken(Transformer rewardModel, NDManager step, SequenceBatch sequences) {
        NDArray scalars = rewardModel.scalars(step, sequences); // (batch,time)
        return scalars.mul(sequences.lastTokenMask(step)).sum(new int[] {1}); // (batch)
    }

    /// Indices of the sequences, shortest first, cut into slices.
    static List<List<Integer>> slices(int[] lengths, MicroBatching budget) {
        List<Integer> byLength =
                IntStream.range(0, lengths.length)
                        .boxed()
                        .sorted(Comparator.comparingInt(i -> lengths[i]))
                        .toList();
        List<List<Integer>> slices = new ArrayList<>();
        for (int start = 0; start < byLength.size(); start += SLICE_SEQUENCES) {
            int end = Math.min(start + SLICE_SEQUENCES, byLength.size());
            slices.addAll(divided(byLength.subList(start, end), lengths, budget));
        }
        return slices;
    }

    /// The slice whole where the budget holds it.
    private static List<List<Integer>> divided(
            List<Integer> slice, int[] lengths, MicroBatching budget) {
        int longest = lengths[slice.getLast()];
        if (budget.holds((long) slice.size() * longest)) {
            return List.of(slice);
        }
        return budget.cut(slice, i -> lengths[i]);
    }

    private static SequenceBatch batch(
            Transformer rewardModel,
            List<Integer> slice,
            List<int[]> prompts,
            List<int[]> completions) {
        return new SequenceBatch(
                slice.stream().map(prompts::get).toList(),
                slice.stream().map(completions::get).toList(),
                rewardModel.shape().padTokenId());
    }
}
