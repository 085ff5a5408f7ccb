package rlaif.benchmarks.learning;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Seconds that each phase of a run took, summed over its parts: by the wall, and of this thread's
/// own processor time, which other programs on the machine hardly change.
final class PhaseClock {
    private final Map<String, double[]> seconds = new LinkedHashMap<>();

    <T> T time(String phase, Supplier<T> work) {
        long start = System.nanoTime();
        long processorStart = processorNanos();
        T result = work.get();
        double[] sum = seconds.computeIfAbsent(phase, _ -> new double[2]);
        sum[0] += (System.nanoTime() - start) / 1e9;
        sum[1] += (processorNanos() - processorStart) / 1e9;
        return result;
    }

    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("  phase                     wall  processor");
        seconds.forEach(
                (phase, s) -> text.append("%n  %-24s %6.1f %6.1f".formatted(phase, s[0], s[1])));
        return text.toString();
    }
}
