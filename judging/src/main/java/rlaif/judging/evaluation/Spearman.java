package rlaif.judging.evaluation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalDouble;

/// Spearman's rank correlation (1904): Pearson's correlation of the ranks, equal values sharing
/// their mean rank.
///
/// Of length difference (first minus second) and the probability that `first` is better it tells
/// how much a judge goes by length.
public final class Spearman {
    private Spearman() {}

    /// In [-1, 1]. Empty where it has no value: fewer than two pairs of numbers, or one side
    /// constant.
    public static OptionalDouble correlation(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(
                    "%d and %d numbers make no pairs".formatted(x.length, y.length));
        }
        return pearson(ranks(x), ranks(y));
    }

    private static OptionalDouble pearson(double[] x, double[] y) {
        double meanX = Arrays.stream(x).average().orElse(0);
        double meanY = Arrays.stream(y).average().orElse(0);
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - meanX) * (y[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        return xx == 0 || yy == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(xy / Math.sqrt(xx * yy));
    }

    private static double[] ranks(double[] values) {
        Integer[] order = new Integer[values.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
        double[] ranks = new double[values.length];
        int from = 0;
        while (from < order.length) {
            int to = from + 1;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + to + 1) / 2.0; // mean of from + 1 .. to
            }
            from = to;
        }
        return ranks;
    }
}
