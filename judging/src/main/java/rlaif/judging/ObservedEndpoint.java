package rlaif.judging;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import rlaif.judging.limits.Breaker;

/// An endpoint as its replies show it: whether it is there, and whom it answered, refused or let
/// wait.
///
/// Guarded by its gate's lock. What is asked about an attempt that was made takes the lock;
/// everything else is called with it held.
final class ObservedEndpoint {
    private final String name;
    private final Breaker.Settings settings;
    private final KnownRequest known;
    private final ReentrantLock lock;
    private final Consumer<String> notices;
    private final Condition back;
    private final Breaker breaker;
    private final CallCounts counts = new CallCounts(System.nanoTime());

    /// @param name of the judge
    /// @param known told what is answered
    /// @param notices told when the endpoint goes away and when it is back
    ObservedEndpoint(
            String name,
            Breaker.Settings settings,
            KnownRequest known,
            ReentrantLock lock,
            Consumer<String> notices) {
        this.name = name;
        this.settings = settings;
        this.known = known;
        this.lock = lock;
        this.notices = notices;
        this.back = lock.newCondition();
        this.breaker = new Breaker(settings);
    }

    /// Whether it answers nobody.
    boolean isAway() {
        return breaker.isOpen();
    }

    /// Why nothing is asked of it but trials; empty: it answers.
    Optional<String> absence() {
        return breaker.isOpen()
                ? Optional.of("judge '%s' answers nobody: %s".formatted(name, breaker.lastCause()))
                : Optional.empty();
    }

    /// Takes the trial that is due while it is away, if one is.
    boolean takeTrial() {
        return breaker.takeTrial(System.nanoTime());
    }

    /// Time until a trial may be due, at least a millisecond.
    long untilTrialNanos() {
        return Math.max(1_000_000, breaker.untilTrial(System.nanoTime()).toNanos());
    }

    /// Signalled when a trial may be due, or the endpoint is back.
    Condition back() {
        return back;
    }

    /// Takes in the end of an attempt that tells nothing about the endpoint; a trial may be due
    /// now.
    void toldNothing() {
        breaker.abandoned();
        back.signal();
    }

    /// Takes in what an attempt got.
    ///
    /// @param id of the item
    void take(
            String id,
            JudgeCalls.Attempt attempt,
            Reply reply,
            long startedNanos,
            long endedNanos) {
        counts.take(reply, id, startedNanos, endedNanos);
        Duration away = breaker.openFor(endedNanos);
        Breaker.Change change =
                switch (reply) {
                    case Reply.Verdict _, Reply.Unreadable _, Reply.Scored _, Reply.Written _ -> {
                        known.answered(attempt);
                        yield breaker.answered();
                    }
                    case Reply.Refused refused when refused.denied() ->
                            breaker.failed(endedNanos, refused.cause(), Duration.ZERO);
                    case Reply.Refused refused -> breaker.refused(endedNanos, refused.cause());
                    case Reply.RetryLater later ->
                            breaker.failed(endedNanos, later.cause(), later.after());
                };
        tell(change, away);
    }

    private void tell(Breaker.Change change, Duration away) {
        switch (change) {
            case NONE -> back.signal(); // a trial may be due now
            case OPENED ->
                    notices.accept(
                            ("judge '%s' answers nobody (last: %s): nothing new is taken and what is"
                                            + " under way waits; it is asked again at least every %d s")
                                    .formatted(
                                            name,
                                            breaker.lastCause(),
                                            settings.longestPause().toSeconds()));
            case CLOSED -> {
                notices.accept(
                        "judge '%s' answers again after %d s: judging goes on"
                                .formatted(name, away.toSeconds()));
                back.signalAll();
            }
        }
    }

    /// What came of the calls so far.
    CallCounts counts() {
        return counts;
    }

    /// What it has done so far, for an attempt that begins.
    MadeAttempt.Before before() {
        lock.lock();
        try {
            return new MadeAttempt.Before(counts.answers(), breaker.changes());
        } finally {
            lock.unlock();
        }
    }

    /// A refusal by an endpoint that refuses everybody says nothing of who was refused: it is no
    /// reply, as long as a known request can find out when that is over.
    MadeAttempt heard(MadeAttempt made) {
        lock.lock();
        try {
            return made.reply() instanceof Reply.Refused(String cause, var _, Reply.Usage usage)
                            && usage.calls() > 0
                            && known.get().isPresent()
                            && breaker.isOpen()
                    ? made.with(
                            new Reply.RetryLater(Reply.Obstacle.FAULT, cause, Duration.ZERO, usage))
                    : made;
        } finally {
            lock.unlock();
        }
    }

    /// Whether others than this item met with too much load since its attempt began.
    boolean othersMetLoad(String id, MadeAttempt failed) {
        lock.lock();
        try {
            return counts.othersMetLoad(id, failed.startedNanos());
        } finally {
            lock.unlock();
        }
    }

    /// Takes note that what was answered before is not any more.
    void probeFailed(MadeAttempt probed) {
        lock.lock();
        try {
            counts.probeFailed(probed.endedNanos());
        } finally {
            lock.unlock();
        }
    }

    /// Whether the endpoint was there at the time of a failed attempt and since; empty: nobody
    /// knows. That it lets in whoever asks is shown only by the answer to a call that began after
    /// the denial: what was let in before may be answered much later.
    Optional<Boolean> wasThere(MadeAttempt failed) {
        lock.lock();
        try {
            if (breaker.isOpen() || breaker.changes() != failed.before().changes()) {
                return Optional.of(false);
            }
            if (failed.isDenial()
                    ? counts.answeredBegunSince(failed.endedNanos())
                    : counts.answers() > failed.before().answers()) {
                return Optional.of(true);
            }
            return counts.probeFailedSince(failed.endedNanos())
                    ? Optional.of(false)
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }
}
