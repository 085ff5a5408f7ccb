package rlaif.cli;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The roles that work in this process, in the order they were started.
final class Fleet implements AutoCloseable {
    private final Map<String, WorkerThread> workers = new LinkedHashMap<>();
    private final Set<String> watching = new HashSet<>();

    /// Starts a role; one of the same name that has ended is replaced.
    void start(String role, WorkerThread.Work work) {
        WorkerThread before = workers.get(role);
        if (before != null && !before.ended()) {
            throw new IllegalStateException(role + " is already at work");
        }
        workers.put(role, WorkerThread.start(role, work));
    }

    /// Starts a role that watches what the others write, and is stopped once they have.
    void startWatching(String role, WorkerThread.Work work) {
        watching.add(role);
        start(role, work);
    }

    Optional<WorkerThread> worker(String role) {
        return Optional.ofNullable(workers.get(role));
    }

    /// Whether a role has done all its work.
    boolean ended(String role) {
        return worker(role).map(WorkerThread::ended).orElse(true);
    }

    /// Whether every one of the roles has.
    boolean ended(Collection<String> roles) {
        return roles.stream().allMatch(this::ended);
    }

    /// Throws what ended a role, where that was a failure.
    void requireHealthy() {
        for (WorkerThread worker : workers.values()) {
            worker.failure()
                    .ifPresent(failure -> {
                        throw FailureReport.of(worker.role(), failure);
                    });
        }
    }

    /// Stops one role and waits for it.
    void stop(String role) {
        worker(role).ifPresent(WorkerThread::close);
    }

    /// Stops all at once, those that watch last, and waits for them; what they leave undone is on
    /// the stream.
    @Override
    public void close() {
        close(worker -> !watching.contains(worker.role()));
        close(worker -> watching.contains(worker.role()));
    }

    private void close(Predicate<WorkerThread> chosen) {
        List<Thread> closing =
                workers.values().stream()
                        .filter(chosen)
                        .map(worker ->
                                Thread.ofVirtual()
                                        .name("close-" + worker.role())
                                        .start(worker::close))
                        .toList();
        try {
            for (Thread thread : closing) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
