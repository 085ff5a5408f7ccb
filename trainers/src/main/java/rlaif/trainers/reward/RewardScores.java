package rlaif.trainers.reward;

import java.util.List;
import rlaif.models.LastTokenScores;
import rlaif.models.Transformer;
import rlaif.trainers.batching.MicroBatching;

/// What a reward model says of completions before any normalisation: its {@link LastTokenScores},
/// with no more tokens at once than a training step may have in memory.
public final class RewardScores {
    private RewardScores() {}

    /// The raw score of every completion, in the order given.
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
        return LastTokenScores.of(rewardModel, prompts, completions, budget.maxTokens());
    }
}
