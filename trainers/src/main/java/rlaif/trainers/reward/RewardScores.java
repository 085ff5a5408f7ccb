package rlaif.trainers.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import rlaif.models.SequenceBatch;
import rlaif.models.Transformer;

/// What a reward model says of completions: its scalar at the last token of each, before any normalisation.
public final class RewardScores {
    /// Sequences in one forward pass; bounds memory, no effect on the scores beyond float rounding.
    private static final int CHUNK_SEQUENCES = 128;

    private RewardScores() {}

    /// The raw score of every completion, in the order given; gradients play no part.
    public static double[] raw(Transformer rewardModel, List<int[]> prompts, List<int[]> completions) {
        List<Integer> byLength = new ArrayList<>(IntStream.range(0, prompts.size()).boxed().toList());
        byLength.sort(Comparator.comparingInt(i -> prompts.get(i).length + completions.get(i).length));
        double[] scores = new double[prompts.size()];
        for (int start = 0; start < byLength.size(); start += CHUNK_SEQUENCES) {
            List<Integer> chunk =
                    byLength.subList(start, Math.min(start + CHUNK_SEQUENCES, byLength.size()));
            SequenceBatch sequences =
                    new SequenceBatch(
                            chunk.stream().map(prompts::get).toList(),
                            chunk.stream().map(completions::get).toList(),
                            rewardModel.shape().padTokenId());
            try (NDManager step = rewardModel.manager().newSubManager()) {
                float[] chunkScores = atLastToken(rewardModel, step, sequences).toFloatArray();
                for (int i = 0; i < chunkScores.length; i++) {
                    scores[chunk.get(i)] = chunkScores[i];
                }
            }
        }
        return scores;
    }

    /// The scalar head read at the last token that is not padding; differentiable when gradients are on.
    static NDArray atLastToken(Transformer rewardModel, NDManager step, SequenceBatch sequences) {
        NDArray scalars = rewardModel.scalars(step, sequences.tokens(step)); // (batch,time)
        return scalars.mul(sequences.lastTokenMask(step)).sum(new int[] {1}); // (batch)
    }
}
