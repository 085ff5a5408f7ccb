package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// What a model with a scalar head says of completions: its scalar at the last token of each.
///
/// Sequences go through the model in slices of like length, so that little of a slice is padding;
/// where they are cut changes a score by rounding alone.
public final class LastTokenScores {

    private static final int SLICE_SEQUENCES = 64;
    private static final int SLICE_TOKENS = 16_384;

    private LastTokenScores() {}

    /// The score of every completion, in the order given; gradients play no part.
    ///
    /// @param maxTokens tokens that are in memory at once, padding included, 1 or more; a single
    ///   longer sequence goes alone; 0: 16,384
    public static double[] of(
            Transformer model, List<int[]> prompts, List<int[]> completions, int maxTokens) {
        int[] lengths =
                IntStream.range(0, prompts.size())
                        .map(i -> prompts.get(i).length + completions.get(i).length)
                        .toArray();
        double[] scores = new double[prompts.size()];
        for (List<Integer> slice : slices(lengths, maxTokens == 0 ? SLICE_TOKENS : maxTokens)) {
            try (GradientMode _ = GradientMode.off();
                    NDManager step = model.manager().newSubManager()) {
                SequenceBatch sequences =
                        new SequenceBatch(
                                slice.stream().map(prompts::get).toList(),
                                slice.stream().map(completions::get).toList(),
                                model.shape().padTokenId());
                float[] ofSlice = of(model, step, sequences).toFloatArray();
                for (int i = 0; i < ofSlice.length; i++) {
                    scores[slice.get(i)] = ofSlice[i];
                }
            }
        }
        return scores;
    }

    /// The scores of a batch (batch), owned by `step`; differentiable when gradients are on.
    public static NDArray of(Transformer model, NDManager step, SequenceBatch sequences) {
        NDArray scalars = model.scalars(step, sequences); // (batch, time)
        return scalars.mul(sequences.lastTokenMask(step)).sum(new int[] {1});
    }

    /// Places in the list of lengths, shortest first, cut into slices.
    static List<List<Integer>> slices(int[] lengths, int maxTokens) {
        List<Integer> byLength =
                IntStream.range(0, lengths.length)
                        .boxed()
                        .sorted(Comparator.comparingInt(i -> lengths[i]))
                        .toList();
        List<List<Integer>> slices = new ArrayList<>();
        int start = 0;
        for (int end = 1; end <= byLength.size(); end++) {
            boolean last = end == byLength.size();
            long more = last ? 0 : (end - start + 1L) * lengths[byLength.get(end)];
            if (last || end - start == SLICE_SEQUENCES || more > maxTokens) {
                slices.add(byLength.subList(start, end));
                start = end;
            }
        }
        return slices;
    }
}
