package rlaif.benchmarks.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The memory of a process and of all that it started: proportional set sizes, in which a page that
/// several processes share counts once in all (Linux, `smaps_rollup`).
final class ProcessMemory {
    private static final String PROPORTIONAL = "Pss:";
    private static final long KIBIBYTE = 1 << 10;

    private final ProcessHandle process;
    private long mostBytes;

    ProcessMemory(ProcessHandle process) {
        this.process = process;
    }

    /// Takes one reading.
    void read() {
        long now =
                Stream.concat(Stream.of(process), process.descendants())
                        .mapToLong(each -> bytes(each.pid()))
                        .sum();
        mostBytes = Math.max(mostBytes, now);
    }

    /// The largest reading so far.
    long mostBytes() {
        return mostBytes;
    }

    /// A process that has just ended has none.
    private static long bytes(long pid) {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "smaps_rollup"))) {
            return lines.filter(line -> line.startsWith(PROPORTIONAL))
                    .mapToLong(line -> kibibytes(line) * KIBIBYTE)
                    .sum();
        } catch (IOException | java.io.UncheckedIOException ended) {
            return 0;
        }
    }

    private static long kibibytes(String line) {
        return Long.parseLong(line.substring(PROPORTIONAL.length()).replace("kB", "").strip());
    }
}
