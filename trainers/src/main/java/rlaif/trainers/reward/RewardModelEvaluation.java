package rlaif.trainers.reward;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rlaif.models.Transformer;
import rlaif.trainers.batching.MicroBatching;

/// How well a reward model agrees with labels it is measured against.
///
/// With `q = sigma(r1 - r2)` the model's probability that the first completion is better and `p`
/// the label:
///
/// @param accuracy share of untied labels (`p` not 1/2) where `q` and `p` lie on the same side of
///   1/2, in [0, 1]; NaN without any
/// @param brier mean of `(q - p)^2`, in [0, 1]
/// @param expectedCalibrationError over ten equal bins of `q`: mean of `|mean q - mean p|` weighted
///   by the bin's share, in [0, 1]
/// @param margin mean score of the completion that the label prefers minus the other's, over untied
///   labels
/// @param meanReward mean score of all completions
/// @param calibration the ten bins of the calibration error, from the lowest `q` on
public record RewardModelEvaluation(
        double accuracy,
        double brier,
        double expectedCalibrationError,
        double margin,
        double meanReward,
        List<CalibrationBin> calibration) {
    private static final int CALIBRATION_BINS = 10;

    public RewardModelEvaluation {
        calibration = List.copyOf(calibration);
    }

    /// Scores both completions of every pair with `rewardModel` and compares with the labels.
    ///
    /// @param budget of the tokens that are in memory at once
    public static RewardModelEvaluation of(
            Transformer rewardModel, List<LabelledPair> pairs, MicroBatching budget) {
        List<int[]> prompts = new ArrayList<>();
        List<int[]> completions = new ArrayList<>();
        pairs.forEach(pair -> prompts.add(pair.prompt()));
        pairs.forEach(pair -> prompts.add(pair.prompt()));
        pairs.forEach(pair -> completions.add(pair.first()));
        pairs.forEach(pair -> completions.add(pair.second()));
        double[] raw = RewardScores.raw(rewardModel, prompts, completions, budget);
        float[] scores = new float[raw.length];
        for (int i = 0; i < raw.length; i++) {
            scores[i] = (float) raw[i];
        }
        return ofScores(pairs, scores);
    }

    /// The same from scores already at hand: of all first completions, then of all second ones.
    static RewardModelEvaluation ofScores(List<LabelledPair> pairs, float[] scores) {
        if (pairs.isEmpty() || scores.length != 2 * pairs.size()) {
            throw new IllegalArgumentException(
                    "%d pairs need two scores each, got %d".formatted(pairs.size(), scores.length));
        }
        int agreed = 0;
        int untied = 0;
        double margin = 0;
        double brier = 0;
        double total = 0;
        double[] binSurplus = new double[CALIBRATION_BINS];
        double[] binLabels = new double[CALIBRATION_BINS];
        int[] binPairs = new int[CALIBRATION_BINS];
        for (int i = 0; i < pairs.size(); i++) {
            double p = pairs.get(i).firstProbability();
            double d = scores[i] - scores[pairs.size() + i];
            double q = 1 / (1 + Math.exp(-d));
            total += scores[i] + scores[pairs.size() + i];
            brier += (q - p) * (q - p);
            int bin = Math.min((int) (q * CALIBRATION_BINS), CALIBRATION_BINS - 1);
            binSurplus[bin] += q - p;
            binLabels[bin] += p;
            binPairs[bin]++;
            if (p != 0.5) {
                untied++;
                agreed += (d > 0) == (p > 0.5) && d != 0 ? 1 : 0;
                margin += p > 0.5 ? d : -d;
            }
        }
        double calibrationError = 0;
        List<CalibrationBin> calibration = new ArrayList<>();
        for (int bin = 0; bin < CALIBRATION_BINS; bin++) {
            calibrationError += Math.abs(binSurplus[bin]) / pairs.size();
            double labelled = binLabels[bin] / binPairs[bin];
            calibration.add(
                    new CalibrationBin(
                            labelled + binSurplus[bin] / binPairs[bin],
                            labelled,
                            (double) binPairs[bin] / pairs.size()));
        }
        return new RewardModelEvaluation(
                (double) agreed / untied,
                brier / pairs.size(),
                calibrationError,
                margin / untied,
                total / scores.length,
                calibration);
    }

    /// By the names of the training metrics: `accuracy`, `brier`, `ece`, `margin`, `mean_reward`.
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("accuracy", accuracy);
        metrics.put("brier", brier);
        metrics.put("ece", expectedCalibrationError);
        metrics.put("margin", margin);
        metrics.put("mean_reward", meanReward);
        return metrics;
    }

    /// The bins that hold pairs: `calibration/3/predicted`, `/labelled` and `/share` of those whose
    /// `q` lies in [0.3, 0.4).
    public Map<String, Double> calibrationMetrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        for (int bin = 0; bin < CALIBRATION_BINS; bin++) {
            CalibrationBin it = calibration.get(bin);
            if (it.share() > 0) {
                String name = "calibration/" + bin;
                metrics.put(name + "/predicted", it.predicted());
                metrics.put(name + "/labelled", it.labelled());
                metrics.put(name + "/share", it.share());
            }
        }
        return metrics;
    }
}
