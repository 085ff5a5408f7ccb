package rlaif.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The roles that work in this process, in the order they were started.
final class Fleet implements AutoCloseable {
    private final Map<String, WorkerThread> workers = new LinkedHashMap<>();

    /// Starts a role; one of the same name that has ended is replaced.
    void start(String role, WorkerThread.Work work) {
        WorkerThread before = workers.get(role);
        if (before != null && !before.ended()) {
            throw new IllegalStateException(role + " is already at work");
        }
        workers.put(role, WorkerThread.start(role, work));
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

    /// Stops all at once and waits for them; what they leave undone is on the stream.
    @Override
    public void close() {
        List<Thread> closing = new ArrayList<>();
        for (WorkerThread worker : workers.values()) {
            closing.add(Thread.ofVirtual().name("close-" + worker.role()).start(worker::close));
        }
        try {
            for (Thread thread : closing) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
