package rlaif.judging;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import rlaif.judging.limits.Breaker;
import rlaif.judging.limits.Budgets;
import rlaif.judging.limits.Prices;
import rlaif.judging.limits.Spent;

/// Every call to one endpoint: how many at once, how often again, for how much, and not at all
/// while it is away.
///
/// Each thing that is asked about is an {@link Item}, and each of its requests is made by {@link
/// Item#ask}, which blocks the calling (virtual) thread until there is a reply or the item is given
/// up:
///
/// - A call holds one of a limited number of permits; the limit adapts to what the endpoint refuses
///   ({@link rlaif.judging.limits.AdaptiveLimit}).
/// - A failed attempt is repeated with decorrelated jitter, after what `Retry-After` asks for. It
///   counts against the item only if the endpoint answered somebody meanwhile; where nobody else
///   was asked, the last request that it answered is put to it again. So an item that fails 1 + 5
///   times beside answered ones is given up, and an outage gives up nobody.
/// - A denial (401, say: a refusal of whoever asks) counts against the item only if a call that
///   began later was answered, another's or that of the known request; then it is repeated like a
///   failure, without growing waits, and is the item's refusal in the end.
/// - A refusal for good by an endpoint that refuses everybody is no refusal of the item.
/// - A refusal for load (429, 503) counts against the item only if nobody else met one.
/// - What the attempts and waits of a request take while the endpoint is there may not pass the
///   item's deadline.
/// - While the endpoint answers nobody ({@link Breaker}), or a budget is used up ({@link Budgets}),
///   everybody waits; {@link #pause} says why. An item begins when the budgets have room for all
///   its requests as far as they are foreseen, and is finished then.
///
/// Safe for many threads; one for each endpoint and process.
public final class JudgeCalls {
    private final String name;
    private final Settings settings;
    private final KnownRequest known = new KnownRequest();
    private final CallGate gate;
    private final FaultInquiry inquiry;

    /// Requests that failed and are to be made again, each with why.
    private final Map<Object, String> retrying = new ConcurrentHashMap<>();

    /// One attempt at a request; whatever goes wrong outside this process is a {@link Reply}.
    @FunctionalInterface
    public interface Attempt {
        Reply make() throws InterruptedException;
    }

    /// How an endpoint is called.
    ///
    /// @param maxInFlight most calls that wait for a reply at once, at least 1; the limit adapts
    ///   below it
    /// @param itemDeadline most time that one request may take while the endpoint answers others,
    ///   above 0
    public record Settings(
            int maxInFlight,
            Retries retries,
            Duration itemDeadline,
            Breaker.Settings breaker,
            Budgets budgets,
            Prices prices) {
        /// 64 calls in flight, half an hour an item, no budget.
        public static final Settings DEFAULT =
                new Settings(
                        64,
                        Retries.DEFAULT,
                        Duration.ofMinutes(30),
                        Breaker.Settings.DEFAULT,
                        Budgets.WITHOUT_END,
                        Prices.NONE);

        public Settings {
            if (maxInFlight < 1) {
                throw new IllegalArgumentException(
                        "maxInFlight must be at least 1, got " + maxInFlight);
            }
            if (!itemDeadline.isPositive()) {
                throw new IllegalArgumentException(
                        "itemDeadline must be above 0, got " + itemDeadline);
            }
        }

        public Settings withMaxInFlight(int calls) {
            return new Settings(calls, retries, itemDeadline, breaker, budgets, prices);
        }

        public Settings withRetries(Retries changed) {
            return new Settings(maxInFlight, changed, itemDeadline, breaker, budgets, prices);
        }

        public Settings withItemDeadline(Duration changed) {
            return new Settings(maxInFlight, retries, changed, breaker, budgets, prices);
        }

        public Settings withBreaker(Breaker.Settings changed) {
            return new Settings(maxInFlight, retries, itemDeadline, changed, budgets, prices);
        }

        public Settings withBudgets(Budgets changed, Prices known) {
            return new Settings(maxInFlight, retries, itemDeadline, breaker, changed, known);
        }
    }

    /// What came of a request, retries included.
    ///
    /// @param reply the last attempt's
    /// @param attempts attempts made, the last one included; 0: the endpoint was not asked
    /// @param expired whether the item's deadline passed
    /// @param spent by all attempts
    public record Called(Reply reply, int attempts, boolean expired, Spent spent) {}

    /// @param name of the judge, for messages
    /// @param notices told, in a line each, when calls pause and go on
    public JudgeCalls(String name, Settings settings, Consumer<String> notices) {
        this.name = name;
        this.settings = settings;
        this.gate = new CallGate(name, settings, known, notices);
        this.inquiry = new FaultInquiry(gate, known);
    }

    /// Tells of a request that the endpoint answered before any of these: it is asked again to find
    /// out whether the endpoint is there, until another is answered.
    public void know(Attempt answered) {
        known.answered(answered);
    }

    /// The requests about one thing: begun with the first that is let through.
    public Item item(String id) {
        return item(id, 1, Reply.Usage.ONE_CALL);
    }

    /// The same where several requests are foreseen: it is begun when the budgets have room for all
    /// of them.
    ///
    /// @param requests foreseen, at least 1
    /// @param expected what each may take, as long as no answer told
    public Item item(String id, int requests, Reply.Usage expected) {
        return new Item(new CallGate.Ticket(id, new Reservation(requests, expected)));
    }

    /// Why nothing new is begun now, in words; empty: it is.
    public Optional<String> pause() {
        return gate.pause();
    }

    /// What has happened so far.
    public CallStatus status() {
        return gate.status(retrying.values().stream().findFirst().orElse(""));
    }

    /// Counts what was used up before this process began, or in a part of the stream that it took
    /// over.
    public void addSpent(Spent before) {
        gate.addSpent(before);
    }

    /// Whether items that have not begun wait, where there is a budget: as long as not every part
    /// of the stream has told what it spent, and while parts are given up one by one, so that what
    /// is left is not what it seems.
    public void hold(boolean held) {
        gate.hold(held);
    }

    /// Prices that costs are reckoned by.
    public Prices prices() {
        return settings.prices();
    }

    @Override
    public String toString() {
        return "calls to judge '" + name + "'";
    }

    /// Why an attempt is made again, and how long the endpoint asked to be left alone.
    private record Again(String cause, Duration after) {}

    /// Empty: the reply stands.
    private static Optional<Again> again(Reply reply) {
        return switch (reply) {
            case Reply.RetryLater later -> Optional.of(new Again(later.cause(), later.after()));
            case Reply.Refused refused ->
                    refused.denied()
                            ? Optional.of(new Again(refused.cause(), Duration.ZERO))
                            : Optional.empty();
            case Reply.Verdict _, Reply.Unreadable _, Reply.Scored _, Reply.Written _ ->
                    Optional.empty();
        };
    }

    /// Attempts that a reply stands for.
    private static int made(Reply reply) {
        return reply.usage().calls() == 0 ? 0 : 1;
    }

    /// What belongs together among requests: the orders and samples of one pair. Closed when
    /// nothing more is asked, so that what was set aside for it is left to others.
    public final class Item implements AutoCloseable {
        private final CallGate.Ticket ticket;

        private Item(CallGate.Ticket ticket) {
            this.ticket = ticket;
        }

        @Override
        public void close() {
            gate.end(ticket);
        }

        /// Blocks until there is a reply, or the item is given up: then the reply is the last
        /// attempt's {@link Reply.RetryLater} or denial.
        public Called ask(Attempt attempt) throws InterruptedException {
            return new Persistence(attempt).untilReplied();
        }

        /// One attempt beside those that are foreseen, made when there is room; none while calls
        /// pause, or where the budgets have no room for it.
        public Called askOnce(Attempt attempt) throws InterruptedException {
            Optional<String> pause = pause();
            if (pause.isPresent()) {
                return notAsked(pause.get());
            }
            var beside = new CallGate.Ticket(ticket.id(), ticket.reservation().ofOne());
            if (!gate.takeRoom(beside)) {
                return notAsked(pause().orElse("too little is left of a budget"));
            }
            Reply reply;
            try {
                reply = gate.call(beside, attempt).reply();
            } finally {
                gate.end(beside);
            }
            return new Called(reply, made(reply), false, CallCounts.used(reply, settings.prices()));
        }

        private static Called notAsked(String why) {
            return new Called(
                    new Reply.RetryLater(
                            Reply.Obstacle.FAULT,
                            "not asked: " + why,
                            Duration.ZERO,
                            Reply.Usage.NOTHING),
                    0,
                    false,
                    Spent.NOTHING);
        }

        /// One request and what it has taken.
        private final class Persistence {
            private final Attempt attempt;
            private final Retries retries = settings.retries();
            private Duration wait = retries.shortest();
            private Duration spent = Duration.ZERO;
            private Spent used = Spent.NOTHING;
            private int attempts;
            private int counted;

            Persistence(Attempt attempt) {
                this.attempt = attempt;
            }

            Called untilReplied() throws InterruptedException {
                try {
                    return attemptsMade();
                } finally {
                    retrying.remove(this);
                }
            }

            private Called attemptsMade() throws InterruptedException {
                while (true) {
                    MadeAttempt last = gate.call(ticket, attempt);
                    attempts += made(last.reply());
                    used = used.plus(CallCounts.used(last.reply(), settings.prices()));
                    Optional<Again> again = again(last.reply());
                    if (again.isEmpty()) {
                        return new Called(last.reply(), attempts, false, used);
                    }
                    retrying.put(this, again.get().cause());
                    Duration before = last.isDenial() ? retries.shortest() : wait;
                    wait = retries.next(before, ThreadLocalRandom.current().nextDouble());
                    Thread.sleep(wait);
                    Duration after = again.get().after();
                    boolean tooLong = after.compareTo(retries.longestAsked()) > 0;
                    Duration asked = tooLong ? retries.longestAsked() : after;
                    switch (inquiry.blame(ticket, last)) {
                        case ENDPOINT -> wait = retries.shortest();
                        case LOAD -> spent = spent.plus(last.took()).plus(wait).plus(asked);
                        case ITEM -> {
                            spent = spent.plus(last.took()).plus(wait).plus(asked);
                            if (++counted > retries.max() || tooLong) {
                                return new Called(last.reply(), attempts, false, used);
                            }
                        }
                    }
                    if (spent.compareTo(settings.itemDeadline()) > 0) {
                        return new Called(last.reply(), attempts, true, used);
                    }
                    Thread.sleep(asked);
                }
            }
        }
    }
}
