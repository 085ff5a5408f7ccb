package rlaif.judging;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import rlaif.judging.limits.AdaptiveLimit;
import rlaif.judging.limits.Breaker;
import rlaif.judging.limits.Permits;
import rlaif.judging.limits.Spent;

/// The one way to an endpoint: each attempt passes when the endpoint is there, a permit is free and
/// the budget allows it, and what comes of it decides who passes next.
///
/// One lock guards everything; it is never held while a call is under way.
final class CallGate {
    private final String name;
    private final JudgeCalls.Settings settings;
    private final Consumer<String> notices;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition back = lock.newCondition();
    private final Permits permits;
    private final AdaptiveLimit limit;
    private final Breaker breaker;
    private final CallCounts counts = new CallCounts(System.nanoTime());
    private final CallBudget budget;

    /// Trials made while the endpoint was away: by turns what was answered before, and what waits,
    /// in case the former cannot be answered any more.
    private final AtomicInteger trials = new AtomicInteger();

    /// The last request that was answered, or the one that is known to be; it is asked again to
    /// find out.
    private volatile JudgeCalls.@Nullable Attempt answeredBefore;

    CallGate(String name, JudgeCalls.Settings settings, Consumer<String> notices) {
        this.name = name;
        this.settings = settings;
        this.notices = notices;
        this.permits = new Permits(lock, settings.maxInFlight());
        this.limit = new AdaptiveLimit(settings.maxInFlight());
        this.breaker = new Breaker(settings.breaker());
        this.budget = new CallBudget(name, settings, lock, notices);
    }

    /// Tells of a request that the endpoint answered before any of these calls.
    void know(JudgeCalls.Attempt answered) {
        answeredBefore = answered;
    }

    /// What an item passes with.
    static final class Ticket {
        private final String id;
        private final Reservation reservation;

        /// @param reservation what is set aside for it
        Ticket(String id, Reservation reservation) {
            this.id = id;
            this.reservation = reservation;
        }

        String id() {
            return id;
        }

        Reservation reservation() {
            return reservation;
        }
    }

    /// An attempt that was made.
    ///
    /// @param answersBefore replies that the endpoint had given when it began
    /// @param changesBefore changes of the breaker then
    /// @param endedNanos when it ended
    record Passed(
            Reply reply,
            Duration took,
            long answersBefore,
            long changesBefore,
            long startedNanos,
            long endedNanos) {
        /// Whether whoever asks was refused.
        boolean isDenial() {
            return reply instanceof Reply.Refused refused && refused.denied();
        }

        Passed with(Reply changed) {
            return new Passed(
                    changed, took, answersBefore, changesBefore, startedNanos, endedNanos);
        }
    }

    /// Makes one attempt, when it may be made.
    Passed call(Ticket ticket, JudgeCalls.Attempt attempt) throws InterruptedException {
        while (enter(ticket)) {
            JudgeCalls.Attempt known = answeredBefore;
            if (known == null || trials.getAndIncrement() % 2 == 1) {
                return heard(made(ticket, attempt)); // this is the trial
            }
            made(ticket, known);
        }
        return heard(made(ticket, attempt));
    }

    /// A refusal by an endpoint that refuses everybody says nothing of who was refused: it is no
    /// reply, as long as a known request can find out when that is over.
    private Passed heard(Passed passed) {
        return passed.reply() instanceof Reply.Refused(String cause, var _, Reply.Usage usage)
                        && usage.calls() > 0
                        && answeredBefore != null
                        && isOpen()
                ? passed.with(
                        new Reply.RetryLater(Reply.Obstacle.FAULT, cause, Duration.ZERO, usage))
                : passed;
    }

    private boolean isOpen() {
        lock.lock();
        try {
            return breaker.isOpen();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until an attempt may be made.
    ///
    /// @return whether it is a trial, made while the breaker is open
    private boolean enter(Ticket ticket) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (isHeldByBudget(ticket)) {
                    budget.left().await();
                } else if (breaker.isOpen()) {
                    long now = System.nanoTime();
                    if (breaker.takeTrial(now)) {
                        permits.force();
                        begin(ticket);
                        return true;
                    }
                    back.awaitNanos(Math.max(1_000_000, breaker.untilTrial(now).toNanos()));
                } else {
                    permits.acquire();
                    if (!breaker.isOpen() && !isHeldByBudget(ticket)) {
                        begin(ticket);
                        return false;
                    }
                    permits.release();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void begin(Ticket ticket) {
        if (!ticket.reservation.isBegun()) {
            budget.begin(ticket.reservation);
        }
        budget.attempt(ticket.reservation);
    }

    private boolean isHeldByBudget(Ticket ticket) {
        return !ticket.reservation.isBegun() && budget.holds(ticket.reservation);
    }

    /// Sets aside what is needed, if that much is left; nobody waits.
    boolean takeRoom(Ticket ticket) {
        lock.lock();
        try {
            if (isHeldByBudget(ticket)) {
                return false;
            }
            budget.begin(ticket.reservation);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Nothing more is asked with a ticket.
    void end(Ticket ticket) {
        lock.lock();
        try {
            budget.end(ticket.reservation);
        } finally {
            lock.unlock();
        }
    }

    private Passed made(Ticket ticket, JudgeCalls.Attempt attempt) throws InterruptedException {
        long answers;
        long changes;
        lock.lock();
        try {
            answers = counts.answers();
            changes = breaker.changes();
        } finally {
            lock.unlock();
        }
        long started = System.nanoTime();
        Reply reply = null;
        try {
            reply = attempt.make();
            long ended = System.nanoTime();
            return new Passed(
                    reply, Duration.ofNanos(ended - started), answers, changes, started, ended);
        } finally {
            leave(ticket, attempt, reply, started);
        }
    }

    private void leave(
            Ticket ticket, JudgeCalls.Attempt attempt, @Nullable Reply reply, long started)
            throws InterruptedException {
        long ended = System.nanoTime();
        try {
            if (reply instanceof Reply.RetryLater later
                    && later.obstacle() == Reply.Obstacle.LOAD) {
                keepPace(Duration.ofNanos(ended - started));
            }
        } finally {
            lock.lock();
            try {
                if (reply == null) {
                    breaker.abandoned();
                    budget.lose(ticket.reservation);
                } else {
                    budget.spend(ticket.reservation, reply);
                    if (reply.usage().calls() == 0) { // it tells nothing about the endpoint
                        breaker.abandoned();
                        back.signal(); // a trial may be due now
                    } else {
                        take(ticket, attempt, reply, started, ended);
                    }
                }
                permits.release();
            } finally {
                lock.unlock();
            }
        }
    }

    /// Where the endpoint refuses more than it should be asked, a refusal takes as long as an
    /// answer: else permits would come free at once, and everybody be refused in no time.
    private void keepPace(Duration took) throws InterruptedException {
        Duration left;
        lock.lock();
        try {
            left = limit.isCut() ? limit.meanLatency().minus(took) : Duration.ZERO;
        } finally {
            lock.unlock();
        }
        if (left.isPositive()) {
            Thread.sleep(left);
        }
    }

    private void take(
            Ticket ticket, JudgeCalls.Attempt attempt, Reply reply, long started, long ended) {
        counts.take(reply, ticket.id, started, ended);
        Duration away = breaker.openFor(ended);
        Breaker.Change change =
                switch (reply) {
                    case Reply.Verdict _, Reply.Unreadable _, Reply.Scored _, Reply.Written _ ->
                            answered(attempt);
                    case Reply.Refused refused when refused.denied() ->
                            breaker.failed(ended, refused.cause(), Duration.ZERO);
                    case Reply.Refused refused -> breaker.refused(ended, refused.cause());
                    case Reply.RetryLater later ->
                            breaker.failed(ended, later.cause(), later.after());
                };
        tell(change, away);
        Duration took = Duration.ofNanos(ended - started);
        if (limit.ended(System.nanoTime(), took, outcome(reply), permits.inFlight())) {
            permits.limit(limit.limit());
        }
    }

    private Breaker.Change answered(JudgeCalls.Attempt attempt) {
        answeredBefore = attempt;
        return breaker.answered();
    }

    private static AdaptiveLimit.Outcome outcome(Reply reply) {
        return switch (reply) {
            case Reply.RetryLater later ->
                    later.obstacle() == Reply.Obstacle.FAULT
                            ? AdaptiveLimit.Outcome.BROKEN
                            : AdaptiveLimit.Outcome.REFUSED;
            case Reply.Refused refused ->
                    refused.denied()
                            ? AdaptiveLimit.Outcome.BROKEN
                            : AdaptiveLimit.Outcome.ANSWERED;
            case Reply.Verdict _, Reply.Unreadable _, Reply.Scored _, Reply.Written _ ->
                    AdaptiveLimit.Outcome.ANSWERED;
        };
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
                                            settings.breaker().longestPause().toSeconds()));
            case CLOSED -> {
                notices.accept(
                        "judge '%s' answers again after %d s: judging goes on"
                                .formatted(name, away.toSeconds()));
                back.signalAll();
            }
        }
    }

    /// The last request that was answered, or the one that is known to be.
    Optional<JudgeCalls.Attempt> answeredBefore() {
        return Optional.ofNullable(answeredBefore);
    }

    /// Whether others than this item met with too much load since its attempt began.
    boolean othersMetLoad(Ticket ticket, Passed failed) {
        lock.lock();
        try {
            return counts.othersMetLoad(ticket.id, failed.startedNanos());
        } finally {
            lock.unlock();
        }
    }

    /// Tells that what was answered before is not any more.
    void probeFailed(Passed probed) {
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
    Optional<Boolean> evidence(Passed failed) {
        lock.lock();
        try {
            if (breaker.isOpen() || breaker.changes() != failed.changesBefore()) {
                return Optional.of(false);
            }
            if (failed.isDenial()
                    ? counts.answeredBegunSince(failed.endedNanos())
                    : counts.answers() > failed.answersBefore()) {
                return Optional.of(true);
            }
            return counts.probeFailedSince(failed.endedNanos())
                    ? Optional.of(false)
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    Optional<String> pause() {
        lock.lock();
        try {
            return breaker.isOpen()
                    ? Optional.of(
                            "judge '%s' answers nobody: %s".formatted(name, breaker.lastCause()))
                    : budget.usedUp();
        } finally {
            lock.unlock();
        }
    }

    void addSpent(Spent before) {
        lock.lock();
        try {
            budget.add(before);
        } finally {
            lock.unlock();
        }
    }

    void hold(boolean held) {
        lock.lock();
        try {
            budget.hold(held);
        } finally {
            lock.unlock();
        }
    }

    /// @param retrying why a request that failed waits to be made again; empty: none does
    CallStatus status(String retrying) {
        Optional<String> pause = pause();
        lock.lock();
        try {
            return new CallStatus(
                    name,
                    counts.answered(),
                    counts.refused(),
                    counts.denied(),
                    counts.load(),
                    counts.timeouts(),
                    counts.faults(),
                    permits.inFlight(),
                    permits.waiting(),
                    limit.limit(),
                    settings.maxInFlight(),
                    breaker.isOpen(),
                    retrying,
                    pause.orElse(""),
                    counts.sinceAnswer(System.nanoTime()),
                    budget.spent(),
                    settings.budgets());
        } finally {
            lock.unlock();
        }
    }
}
