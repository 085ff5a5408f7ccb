package rlaif.producers;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import rlaif.models.TensorThread;

/// A thread that loads newer versions of a policy beside the one that samples, and holds the newest
/// until it is taken.
final class PolicyWatch implements ServedPolicy.Arrivals, AutoCloseable {
    private final PolicyVersions versions;
    private final Duration recheck;
    private final AtomicReference<@Nullable PolicyVersion> arrived = new AtomicReference<>();
    private final StopSignal stop = new StopSignal();
    private final Thread thread;
    private volatile @Nullable RuntimeException failure;

    /// @param versions this thread's own from now on
    PolicyWatch(PolicyVersions versions, Duration recheck) {
        this.versions = versions;
        this.recheck = recheck;
        this.thread = Thread.ofPlatform().name("policy-watch").daemon().start(this::watch);
    }

    private void watch() {
        try {
            TensorThread.prepare(1);
            while (!stop.isAsked()) {
                versions.next().ifPresent(next -> replace(arrived.getAndSet(next)));
                stop.pause(recheck);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private static void replace(@Nullable PolicyVersion older) {
        if (older != null) {
            older.close();
        }
    }

    @Override
    public Optional<PolicyVersion> take(Predicate<PolicyVersion> wanted) {
        RuntimeException broken = failure;
        if (broken != null) {
            throw new IllegalStateException("newer versions cannot be followed", broken);
        }
        PolicyVersion next = arrived.get();
        return next != null && arrived.compareAndSet(next, null)
                ? kept(next, wanted)
                : Optional.empty();
    }

    private Optional<PolicyVersion> kept(PolicyVersion next, Predicate<PolicyVersion> wanted) {
        if (wanted.test(next)) {
            return Optional.of(next);
        }
        if (!arrived.compareAndSet(null, next)) { // a newer one has come meanwhile
            next.close();
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        stop.ask();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        replace(arrived.getAndSet(null));
    }
}
