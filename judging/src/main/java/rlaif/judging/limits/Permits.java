package rlaif.judging.limits;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/// The calls under way, counted; whoever comes when there are enough waits in line.
///
/// Every method is called with the lock held; only {@link #acquire} gives it up, while it waits.
public final class Permits {
    private final Lock lock;
    private final Queue<Waiting> line = new ArrayDeque<>();
    private int limit;
    private int inFlight;

    private static final class Waiting {
        final Condition granted;
        boolean isGranted;

        Waiting(Condition granted) {
            this.granted = granted;
        }
    }

    public Permits(Lock lock, int limit) {
        this.lock = lock;
        this.limit = limit;
    }

    public int inFlight() {
        return inFlight;
    }

    public int waiting() {
        return line.size();
    }

    /// Changes how many calls may be under way; those that are more than that are let end.
    public void limit(int changed) {
        limit = changed;
        grant();
    }

    /// Takes a permit beyond the limit.
    public void force() {
        inFlight++;
    }

    /// Waits in line for a permit.
    public void acquire() throws InterruptedException {
        if (line.isEmpty() && inFlight < limit) {
            inFlight++;
            return;
        }
        Waiting waiting = new Waiting(lock.newCondition());
        line.add(waiting);
        try {
            while (!waiting.isGranted) {
                waiting.granted.await();
            }
        } catch (InterruptedException e) {
            if (waiting.isGranted) {
                release();
            } else {
                line.remove(waiting);
            }
            throw e;
        }
    }

    public void release() {
        inFlight--;
        grant();
    }

    private void grant() {
        while (inFlight < limit && !line.isEmpty()) {
            Waiting next = line.remove();
            next.isGranted = true;
            inFlight++;
            next.granted.signal();
        }
    }
}
