package rlaif.judging;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Finds out whose fault a failed attempt was: asked some time after it, so that others may have
/// been answered meanwhile, and where nobody was, by a request that was answered before.
final class FaultInquiry {
    /// Whose fault a failed attempt was.
    enum Blame {
        /// The endpoint answers nobody, or lets nobody in.
        ENDPOINT,
        /// It has too much to do, and says so to others too.
        LOAD,
        /// It answers others.
        ITEM
    }

    private final CallGate gate;
    private final ObservedEndpoint endpoint;
    private final KnownRequest known;

    /// Held by whoever finds out whether the endpoint is there.
    private final ReentrantLock probing = new ReentrantLock();

    FaultInquiry(CallGate gate, KnownRequest known) {
        this.gate = gate;
        this.endpoint = gate.endpoint();
        this.known = known;
    }

    Blame blame(CallGate.Ticket ticket, MadeAttempt failed) throws InterruptedException {
        if (!isThere(ticket, failed)) {
            return Blame.ENDPOINT;
        }
        return failed.reply() instanceof Reply.RetryLater later
                        && later.obstacle() == Reply.Obstacle.LOAD
                        && endpoint.othersMetLoad(ticket.id(), failed)
                ? Blame.LOAD
                : Blame.ITEM;
    }

    private boolean isThere(CallGate.Ticket ticket, MadeAttempt failed)
            throws InterruptedException {
        Optional<Boolean> seen = endpoint.wasThere(failed);
        if (seen.isPresent()) {
            return seen.get();
        }
        probing.lockInterruptibly();
        try {
            seen = endpoint.wasThere(failed);
            if (seen.isPresent()) {
                return seen.get();
            }
            Optional<JudgeCalls.Attempt> answered = known.get();
            if (answered.isEmpty()) {
                return false;
            }
            MadeAttempt probed = gate.call(ticket, answered.get());
            if (probed.reply() instanceof Reply.RetryLater || probed.isDenial()) {
                endpoint.probeFailed(probed);
                return false;
            }
            return endpoint.wasThere(failed).orElse(true);
        } finally {
            probing.unlock();
        }
    }
}
