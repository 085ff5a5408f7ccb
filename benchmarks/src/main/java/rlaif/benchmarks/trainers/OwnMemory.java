package rlaif.benchmarks.trainers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What this process has in memory, as Linux counts it.
final class OwnMemory {
    private OwnMemory() {}

    /// The most it ever had, bytes.
    static long peakBytes() throws IOException {
        return read("VmHWM:");
    }

    /// What it has now, bytes.
    static long presentBytes() throws IOException {
        return read("VmRSS:");
    }

    private static long read(String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow(() -> new IOException("/proc/self/status has no " + name));
    }
}
