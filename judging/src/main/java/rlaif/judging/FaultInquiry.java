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

    /// Held by whoever finds out whether the endpoint is there.
    private final ReentrantLock probing = new ReentrantLock();

    FaultInquiry(CallGate gate) {
        this.gate = gate;
    }

    Blame blame(CallGate.Ticket ticket, CallGate.Passed failed) throws InterruptedException {
        if (!isThere(ticket, failed)) {
            return Blame.ENDPOINT;
        }
        return failed.reply() instanceof Reply.RetryLater later
                        && later.obstacle() == Reply.Obstacle.LOAD
                        && gate.othersMetLoad(ticket, failed)
                ? Blame.LOAD
                : Blame.ITEM;
    }

    private boolean isThere(CallGate.Ticket ticket, CallGate.Passed failed)
            throws InterruptedException {
        Optional<Boolean> known = gate.evidence(failed);
        if (known.isPresent()) {
            return known.get();
        }
        probing.lockInterruptibly();
        try {
            known = gate.evidence(failed);
            if (known.isPresent()) {
                return known.get();
            }
            Optional<JudgeCalls.Attempt> answered = gate.answeredBefore();
            if (answered.isEmpty()) {
                return false;
            }
            CallGate.Passed probed = gate.call(ticket, answered.get());
            if (probed.reply() instanceof Reply.RetryLater || probed.isDenial()) {
                gate.probeFailed(probed);
                return false;
            }
            return gate.evidence(failed).orElse(true);
        } finally {
            probing.unlock();
        }
    }
}
