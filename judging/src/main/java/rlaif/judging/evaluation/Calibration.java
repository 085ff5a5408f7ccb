package rlaif.judging.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;

/// Whether a judge's probabilities mean what they say: expected calibration error and Brier score.
///
/// With `p` the judge's probability that `first` is better and `l` the label's: `Brier = mean (p -
/// l)^2` (Brier 1950), and `ECE = sum_m |B_m| / n |acc(B_m) - conf(B_m)|` (Guo et al. 1706.04599,
/// equation 3), where the confidence is `max(p, 1 - p)`, the accuracy is the label's probability of
/// the completion that the judge prefers, and the bins cut [1/2, 1] into equal parts. Neither
/// changes when a pair is swapped. Two of them over disjoint pairs add up.
///
/// @param bins from confidence 1/2 to 1
/// @param squaredErrors sum of (p - l)^2
public record Calibration(List<Bin> bins, double squaredErrors) {
    /// Bins where nothing else is said.
    public static final int DEFAULT_BINS = 10;

    /// Pairs of like confidence.
    ///
    /// @param confidences sum of the confidences
    /// @param accuracies sum of the label's probabilities of what the judge preferred
    public record Bin(long pairs, double confidences, double accuracies) {
        private static final Bin EMPTY = new Bin(0, 0, 0);

        private Bin plus(Bin other) {
            return new Bin(
                    pairs + other.pairs,
                    confidences + other.confidences,
                    accuracies + other.accuracies);
        }
    }

    public Calibration {
        if (bins.isEmpty()) {
            throw new IllegalArgumentException("a calibration needs at least 1 bin");
        }
        bins = List.copyOf(bins);
    }

    /// Of no pair.
    ///
    /// @param bins at least 1
    public static Calibration none(int bins) {
        return new Calibration(Collections.nCopies(bins, Bin.EMPTY), 0);
    }

    /// With one more pair.
    ///
    /// @param firstProbability the judge's probability in [0, 1] that `first` is better
    /// @param label the truth's, in [0, 1]
    public Calibration with(double firstProbability, double label) {
        Probabilities.require("firstProbability", firstProbability);
        Probabilities.require("label", label);
        double confidence = Math.max(firstProbability, 1 - firstProbability);
        double accuracy =
                firstProbability == 0.5 ? 0.5 : firstProbability > 0.5 ? label : 1 - label;
        int at = Math.min(bins.size() - 1, (int) ((confidence - 0.5) * 2 * bins.size()));
        List<Bin> more = new ArrayList<>(bins);
        more.set(at, bins.get(at).plus(new Bin(1, confidence, accuracy)));
        double error = firstProbability - label;
        return new Calibration(more, squaredErrors + error * error);
    }

    public Calibration plus(Calibration other) {
        if (other.bins.size() != bins.size()) {
            throw new IllegalArgumentException(
                    "calibrations of %d and %d bins do not add up"
                            .formatted(bins.size(), other.bins.size()));
        }
        List<Bin> sums = new ArrayList<>(bins);
        for (int m = 0; m < sums.size(); m++) {
            sums.set(m, bins.get(m).plus(other.bins.get(m)));
        }
        return new Calibration(sums, squaredErrors + other.squaredErrors);
    }

    public long pairs() {
        return bins.stream().mapToLong(Bin::pairs).sum();
    }

    /// In [0, 1], 0 is best. Empty: no pair was counted.
    public OptionalDouble brier() {
        long n = pairs();
        return n == 0 ? OptionalDouble.empty() : OptionalDouble.of(squaredErrors / n);
    }

    /// In [0, 1], 0 is best. Empty: no pair was counted.
    public OptionalDouble expectedCalibrationError() {
        long n = pairs();
        if (n == 0) {
            return OptionalDouble.empty();
        }
        double gaps =
                bins.stream()
                        .mapToDouble(bin -> Math.abs(bin.accuracies() - bin.confidences()))
                        .sum(); // |B_m| |acc - conf| is the difference of the sums
        return OptionalDouble.of(gaps / n);
    }
}
