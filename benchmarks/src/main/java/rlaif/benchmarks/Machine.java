package rlaif.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// The machine that a figure was measured on.
///
/// @param processor model name, as the kernel has it
/// @param memoryGib GiB in all
/// @param load processes that wanted a core in the minute before; negative: not known
public record Machine(String processor, int cores, long memoryGib, String java, double load) {
    /// The machine that this runs on.
    public static Machine here() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        long bytes =
                system instanceof com.sun.management.OperatingSystemMXBean known
                        ? known.getTotalMemorySize()
                        : 0;
        return new Machine(
                processorName(),
                Runtime.getRuntime().availableProcessors(),
                Math.round(bytes / (double) (1L << 30)),
                System.getProperty("java.vm.version", "unknown"),
                system.getSystemLoadAverage());
    }

    private static String processorName() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown processor");
        } catch (IOException e) {
            return "unknown processor";
        }
    }

    /// One line.
    public String text() {
        return String.format(
                Locale.ROOT,
                "%s, %d cores, %d GiB, JDK %s, load %.2f at the start",
                processor,
                cores,
                memoryGib,
                java,
                load);
    }
}
