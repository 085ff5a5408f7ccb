package rlaif.judging;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import rlaif.judging.limits.AdaptiveLimit;
import rlaif.judging.limits.Permits;
import rlaif.judging.limits.Spent;

/// The one way to an endpoint: each attempt passes when the endpoint is there, a permit is free and
/// the budget allows it, and what comes of it decides who passes next.
///
/// One lock guards everything; it is never held while a call is under way.
final class CallGate {
    private final String name;
    private final JudgeCalls.Settings settings;
    private final KnownRequest known;

    private final ReentrantLock lock = new ReentrantLock();
    private final ObservedEndpoint endpoint;
    private final Permits permits;
    private final AdaptiveLimit limit;
    private final CallBudget budget;

    /// What an item passes with.
    ///
    /// @param id of the item
    /// @param reservation what is set aside for it
    record Ticket(String id, Reservation reservation) {}

    CallGate(
            String name,
            JudgeCalls.Settings settings,
            KnownRequest known,
            Consumer<String> notices) {
        this.name = name;
        this.settings = settings;
        this.known = known;
        this.endpoint = new ObservedEndpoint(name, settings.breaker(), known, lock, notices);
        this.permits = new Permits(lock, settings.maxInFlight());
        this.limit = new AdaptiveLimit(settings.maxInFlight());
        this.budget = new CallBudget(name, settings, lock, notices);
    }

    /// What its replies so far show of the endpoint.
    ObservedEndpoint endpoint() {
        return endpoint;
    }

    /// Makes one attempt, when it may be made.
    MadeAttempt call(Ticket ticket, JudgeCalls.Attempt attempt) throws InterruptedException {
        while (enter(ticket)) {
            Optional<JudgeCalls.Attempt> trial = known.forTrial();
            if (trial.isEmpty()) {
                break; // the attempt itself is the trial
            }
            made(ticket, trial.get());
        }
        return endpoint.heard(made(ticket, attempt));
    }

    /// Waits until an attempt may be made.
    ///
    /// @return whether it is a trial, made while the endpoint is away
    private boolean enter(Ticket ticket) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (isHeldByBudget(ticket)) {
                    budget.left().await();
                } else if (endpoint.isAway()) {
                    if (endpoint.takeTrial()) {
                        permits.force();
                        begin(ticket);
                        return true;
                    }
                    endpoint.back().awaitNanos(endpoint.untilTrialNanos());
                } else {
                    permits.acquire();
                    if (!endpoint.isAway() && !isHeldByBudget(ticket)) {
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

    private boolean isHeldByBudget(Ticket ticket) {
        return !ticket.reservation().isBegun() && budget.holds(ticket.reservation());
    }

    private void begin(Ticket ticket) {
        if (!ticket.reservation().isBegun()) {
            budget.begin(ticket.reservation());
        }
        budget.attempt(ticket.reservation());
    }

    private MadeAttempt made(Ticket ticket, JudgeCalls.Attempt attempt)
            throws InterruptedException {
        MadeAttempt.Before before = endpoint.before();
        long started = System.nanoTime();
        Reply reply = null;
        try {
            reply = attempt.make();
            return new MadeAttempt(reply, before, started, System.nanoTime());
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
                    endpoint.toldNothing();
                    budget.lose(ticket.reservation());
                } else {
                    budget.spend(ticket.reservation(), reply);
                    if (reply.usage().calls() == 0) {
                        endpoint.toldNothing();
                    } else {
                        endpoint.take(ticket.id(), attempt, reply, started, ended);
                        adapt(Duration.ofNanos(ended - started), reply);
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

    private void adapt(Duration took, Reply reply) {
        if (limit.ended(System.nanoTime(), took, outcome(reply), permits.inFlight())) {
            permits.limit(limit.limit());
        }
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

    /// Sets aside what is needed, if that much is left; nobody waits.
    boolean takeRoom(Ticket ticket) {
        lock.lock();
        try {
            if (isHeldByBudget(ticket)) {
                return false;
            }
            budget.begin(ticket.reservation());
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Nothing more is asked with a ticket.
    void end(Ticket ticket) {
        lock.lock();
        try {
            budget.end(ticket.reservation());
        } finally {
            lock.unlock();
        }
    }

    Optional<String> pause() {
        lock.lock();
        try {
            return endpoint.absence().or(budget::usedUp);
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
        lock.lock();
        try {
            CallCounts counts = endpoint.counts();
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
                    endpoint.isAway(),
                    retrying,
                    pause().orElse(""),
                    counts.sinceAnswer(System.nanoTime()),
                    budget.spent(),
                    settings.budgets());
        } finally {
            lock.unlock();
        }
    }
}
