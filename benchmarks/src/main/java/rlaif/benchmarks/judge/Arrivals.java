package rlaif.benchmarks.judge;

import java.util.ArrayList;
import java.util.List;

/// How many records of a kind had come, and when. One thread adds.
final class Arrivals {
    private final List<Arrival> arrivals = new ArrayList<>();
    private long count;
    private long noted;

    /// How many had come at a time.
    ///
    /// @param nanos `System.nanoTime()`
    private record Arrival(long nanos, long count) {}

    /// One more has come.
    void one() {
        count++;
    }

    /// What has come since the last time came now.
    void at(long nanos) {
        if (count > noted) {
            arrivals.add(new Arrival(nanos, count));
            noted = count;
        }
    }

    long count() {
        return count;
    }

    /// Records a second, by least squares over the arrivals between two shares of `total`, so that
    /// neither the start nor the emptying at the end is in it, and commits that come in bursts do
    /// no harm.
    double rate(long total, double fromShare, double toShare) {
        List<Arrival> middle =
                arrivals.stream()
                        .filter(a -> a.count() >= fromShare * total && a.count() <= toShare * total)
                        .toList();
        if (middle.size() < 3) {
            return Double.NaN;
        }
        double meanSeconds = middle.stream().mapToDouble(a -> a.nanos() / 1e9).average().orElse(0);
        double meanCount = middle.stream().mapToDouble(Arrival::count).average().orElse(0);
        double covariance = 0;
        double variance = 0;
        for (Arrival arrival : middle) {
            double seconds = arrival.nanos() / 1e9 - meanSeconds;
            covariance += seconds * (arrival.count() - meanCount);
            variance += seconds * seconds;
        }
        return covariance / variance;
    }

    /// Records a second from the first arrival to the last.
    double meanRate() {
        if (arrivals.size() < 2) {
            return Double.NaN;
        }
        Arrival first = arrivals.getFirst();
        Arrival last = arrivals.getLast();
        return (last.count() - first.count()) / ((last.nanos() - first.nanos()) / 1e9);
    }
}
