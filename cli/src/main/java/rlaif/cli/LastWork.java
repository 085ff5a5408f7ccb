package rlaif.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// What some roles have yet to do once the loop has done all else: its end waits for them.
final class LastWork {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Duration longest;
    private final Map<String, BooleanSupplier> awaited = new ConcurrentHashMap<>();

    LastWork() {
        this(LONGEST);
    }

    /// @param longest time after which the end comes all the same
    LastWork(Duration longest) {
        this.longest = longest;
    }

    /// @param done whether the role has nothing left to do
    void of(String role, BooleanSupplier done) {
        awaited.put(role, done);
    }

    /// Returns once all are done; after the longest time, tells what is not.
    void await(Fleet fleet, StopSignal stop, Consumer<String> progress)
            throws InterruptedException {
        for (Map.Entry<String, BooleanSupplier> role : awaited.entrySet()) {
            Instant until = Instant.now().plus(longest);
            boolean told = false;
            while (!role.getValue().getAsBoolean()) {
                fleet.requireHealthy();
                if (!Instant.now().isBefore(until)) {
                    progress.accept(
                            "%s is not done after %d s; `rlaif start %s` goes on where it was"
                                    .formatted(role.getKey(), longest.toSeconds(), role.getKey()));
                    break;
                }
                if (!told) {
                    progress.accept("all else is done; waiting for the last of " + role.getKey());
                    told = true;
                }
                stop.pause(Duration.ofMillis(250), progress);
            }
        }
    }
}
