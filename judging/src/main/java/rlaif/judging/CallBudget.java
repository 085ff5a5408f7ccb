package rlaif.judging;

import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import rlaif.judging.limits.Spent;

/// What an endpoint's calls have used up of their budget, what is set aside for calls that have
/// begun or must follow, and the items that wait for what is left.
///
/// An attempt is reckoned beforehand as the mean of those that were answered, and before any was,
/// as what its item expects. Everything is called with the lock held that it was made with.
final class CallBudget {
    /// What an attempt is counted as that nobody learns the end of.
    private static final Spent ONE_CALL = new Spent(1, 0, 0);

    private final String name;
    private final JudgeCalls.Settings settings;
    private final Consumer<String> notices;
    private final Condition left;
    private Spent spent = Spent.NOTHING;
    private Spent reserved = Spent.NOTHING;

    /// What attempts that tokens were counted of took.
    private Spent counted = Spent.NOTHING;

    private long countedAttempts;

    /// What the last item needed for which too little was left; nothing: there was enough.
    private Spent missed = Spent.NOTHING;

    private boolean noticed;
    private boolean held;

    /// @param name of the judge
    /// @param notices told when the budget is used up, once however often parts of the stream come
    ///   and go
    CallBudget(
            String name,
            JudgeCalls.Settings settings,
            ReentrantLock lock,
            Consumer<String> notices) {
        this.name = name;
        this.settings = settings;
        this.left = lock.newCondition();
        this.notices = notices;
    }

    /// Why no new item is begun; empty: one may be.
    Optional<String> usedUp() {
        return settings.budgets().usedUp(spent.plus(reserved), missed);
    }

    /// Whether an item that has not begun must wait.
    boolean holds(Reservation item) {
        if (!settings.budgets().areLimited()) {
            return false;
        }
        if (held) {
            return true;
        }
        missed = estimate(item).times(item.attempts());
        Optional<String> usedUp = usedUp();
        if (usedUp.isEmpty()) {
            missed = Spent.NOTHING;
            return false;
        }
        if (reserved.equals(Spent.NOTHING) && !noticed) { // nothing may be given back
            noticed = true;
            notices.accept(
                    "judge '%s': %s; no new judgment is begun and what comes waits in its topic"
                            .formatted(name, usedUp.get()));
        }
        return true;
    }

    /// Signalled when there may be some left.
    Condition left() {
        return left;
    }

    /// Sets aside what an item needs.
    void begin(Reservation item) {
        reserved = reserved.plus(item.begin(estimate(item)));
    }

    /// Counts an attempt that begins.
    void attempt(Reservation item) {
        reserved = reserved.plus(item.attempt());
    }

    /// Counts what an attempt took in place of what was set aside for it.
    void spend(Reservation item, Reply reply) {
        Spent used = CallCounts.used(reply, settings.prices());
        if (used.tokens() > 0) {
            counted = counted.plus(used);
            countedAttempts++;
        }
        settle(item.each(), used);
    }

    /// Counts an attempt that broke off, whatever it took.
    void lose(Reservation item) {
        settle(item.each(), ONE_CALL);
    }

    /// Gives back what was set aside for attempts that are not made.
    void end(Reservation item) {
        settle(item.end(), Spent.NOTHING);
    }

    private void settle(Spent aside, Spent used) {
        reserved = reserved.minus(aside);
        spent = spent.plus(used);
        if (!used.covers(aside) || reserved.equals(Spent.NOTHING)) {
            left.signalAll();
        }
    }

    /// What one attempt may take.
    private Spent estimate(Reservation item) {
        if (countedAttempts > 0) {
            return counted.sharedBy(countedAttempts);
        }
        Reply.Usage expected = item.expected();
        return CallCounts.used(expected, settings.prices());
    }

    /// Counts what was spent elsewhere; negative: what no longer counts here.
    void add(Spent elsewhere) {
        spent = spent.plus(elsewhere);
        left.signalAll();
    }

    /// Whether every item that has not begun waits, whatever is left of a budget.
    void hold(boolean changed) {
        held = changed;
        left.signalAll();
    }

    Spent spent() {
        return spent;
    }
}
