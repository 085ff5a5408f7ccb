package rlaif.judging.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/// The turns of large replies: few are received at a time, so that what they hold together stays
/// bounded however many calls are in flight.
///
/// Safe for many threads.
final class LargeReplies {
    private final int atATime;
    private final Set<BoundedBody> receiving = new HashSet<>();
    private final Deque<BoundedBody> waiting = new ArrayDeque<>();

    LargeReplies(int atATime) {
        this.atATime = atATime;
    }

    /// Gives a body a turn, once in its life.
    ///
    /// @return false: it waits, and is asked to receive more when an earlier one has left
    synchronized boolean enter(BoundedBody body) {
        if (receiving.size() >= atATime) {
            waiting.add(body);
            return false;
        }
        return receiving.add(body);
    }

    /// Passes the turn of a body on; of no effect on one that has none and waits for none.
    void leave(BoundedBody body) {
        BoundedBody next;
        synchronized (this) {
            if (!receiving.remove(body)) {
                waiting.remove(body);
                return;
            }
            next = waiting.poll();
            if (next == null) {
                return;
            }
            receiving.add(next);
        }
        next.receiveMore();
    }
}
