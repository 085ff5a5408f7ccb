package rlaif.benchmarks.trainers;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;

/// Two rates measured in turns, A B A B, so that whatever else the machine does hits both alike.
/// Turns of the first seconds are not counted, of either side: the JVM compiles what runs often and
/// memory that a process uses for the first time is slow, while a trainer runs for hours.
///
/// @param ratio median over the turns of our rate by the other's
/// @param ours median of our rate, tokens a second
/// @param others median of the other's
record Duel(double ratio, double ours, double others) {
    private static final Duration WARM_UP = Duration.ofSeconds(30);

    /// @param ours one turn, gives its rate
    static Duel fight(int turns, Callable<Double> ours, Callable<Double> others) throws Exception {
        warmUp(ours, others);
        double[] ourRates = new double[turns];
        double[] otherRates = new double[turns];
        double[] ratios = new double[turns];
        for (int turn = 0; turn < turns; turn++) {
            ourRates[turn] = ours.call();
            otherRates[turn] = others.call();
            ratios[turn] = ourRates[turn] / otherRates[turn];
        }
        return new Duel(median(ratios), median(ourRates), median(otherRates));
    }

    private static void warmUp(Callable<Double> ours, Callable<Double> others) throws Exception {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < WARM_UP.toNanos()) {
            ours.call();
            others.call();
        }
    }

    static double median(double[] numbers) {
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
