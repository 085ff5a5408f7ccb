package rlaif.trainers.reward;

import java.util.List;
import rlaif.models.Transformer;
import rlaif.trainers.batching.MicroBatching;

/// The affine map that gives one version of a reward model mean 0 and standard deviation 1 on
/// reference completions.
///
/// `score = (raw - mean) / std` (N+, Huang et al. 2403.17031, detail 4): a reward model is fixed
/// only up to a constant, and its scale grows while it trains, so that scores of two versions
/// compare only after each is normalised on the same completions.
///
/// @param mean of the raw scores of the reference completions
/// @param std their population standard deviation, above 0
public record ScoreNormalisation(double mean, double std) {
    public ScoreNormalisation {
        if (!Double.isFinite(mean) || !(std > 0 && Double.isFinite(std))) {
            throw new IllegalArgumentException(
                    "score normalisation needs a finite mean and a std above 0, got mean %s and std %s: the reward model gives every reference completion the same score"
                            .formatted(mean, std));
        }
    }

    /// Measured on completions of the reference policy.
    ///
    /// @param budget of the tokens that are in memory at once
    public static ScoreNormalisation measure(
            Transformer rewardModel,
            List<int[]> prompts,
            List<int[]> completions,
            MicroBatching budget) {
        return ofRaw(RewardScores.raw(rewardModel, prompts, completions, budget));
    }

    /// Measured on raw scores already at hand.
    public static ScoreNormalisation ofRaw(double[] raw) {
        double mean = 0;
        for (double score : raw) {
            mean += score / raw.length;
        }
        double variance = 0;
        for (double score : raw) {
            variance += (score - mean) * (score - mean) / raw.length;
        }
        return new ScoreNormalisation(mean, Math.sqrt(variance));
    }

    public double normalise(double raw) {
        return (raw - mean) / std;
    }
}
