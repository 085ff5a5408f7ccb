package rlaif.trainers.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import rlaif.models.SequenceBatch;
import rlaif.models.Transformer;

/// What a reward model says of completions: its scalar at the last token of each, before any
/// normalisation.
///
/// Sequences go through the model in slices of like length, so that little of a slice is padding;
/// that changes nothing but the time.
public final class RewardScores {
    private static final int SLICE_SEQUENCES = 64;

    private RewardScores() {}

    /// The raw score of every completion, in the order given; gradients play no part.
    public static double[] raw(
            Transformer rewardModel, List<int[]> prompts, List<int[]> completions) {
        double[] scores = new double[prompts.size()];
        for (List<Integer> slice : slices(prompts, completions)) {
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
    private static List<List<Integer>> slices(List<int[]> prompts, List<int[]> completions) {
        List<Integer> byLength =
                new ArrayList<>(IntStream.range(0, prompts.size()).boxed().toList());
        byLength.sort(
                Comparator.comparingInt(i -> prompts.get(i).length + completions.get(i).length));
        List<List<Integer>> slices = new ArrayList<>();
        for (int start = 0; start < byLength.size(); start += SLICE_SEQUENCES) {
            slices.add(byLength.subList(start, Math.min(start + SLICE_SEQUENCES, byLength.size())));
        }
        return slices;
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
