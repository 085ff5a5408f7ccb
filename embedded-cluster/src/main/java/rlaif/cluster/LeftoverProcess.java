package rlaif.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A child that outlived its killed parent.
final class LeftoverProcess {
    private static final Logger LOG = LoggerFactory.getLogger(LeftoverProcess.class);
    private static final long STOP_SECONDS = 5;

    private LeftoverProcess() {}

    /// Ends the process named in `pidFile` if `marker` is one of its arguments: a process id alone
    /// may have gone to a stranger by now.
    static void end(Path pidFile, String marker) throws IOException {
        if (!Files.exists(pidFile)) {
            return;
        }
        Optional<ProcessHandle> leftover =
                pid(Files.readString(pidFile))
                        .flatMap(ProcessHandle::of)
                        .filter(process -> hasArgument(process, marker));
        if (leftover.isPresent()) {
            LOG.info("ending the registry of a killed run, process {}", leftover.get().pid());
            end(leftover.get());
        }
        Files.delete(pidFile);
    }

    private static Optional<Long> pid(String text) {
        try {
            return Optional.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException e) {
            // Killed while it was written: the process was not started long before.
            return Optional.empty();
        }
    }

    private static boolean hasArgument(ProcessHandle process, String marker) {
        return process.info()
                .arguments()
                .map(arguments -> List.of(arguments).contains(marker))
                .orElse(false);
    }

    private static void end(ProcessHandle process) {
        process.destroy();
        if (!hasEnded(process)) {
            process.destroyForcibly();
            if (!hasEnded(process)) {
                throw new ClusterStartException(
                        "process %d, the registry of a killed run, does not end: kill it"
                                .formatted(process.pid()));
            }
        }
    }

    private static boolean hasEnded(ProcessHandle process) {
        try {
            process.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while ending a process", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
