package rlaif.judging;

import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import rlaif.judging.limits.Spent;

/// What an endpoint's calls have used up of their budget, and the items that wait for what is left.
///
/// Everything is called with the lock held that it was made with.
final class CallBudget {
    /// What an attempt is counted as until it is known how many calls it made.
    private static final Spent RESERVED = new Spent(1, 0, 0);

    private final String name;
    private final JudgeCalls.Settings settings;
    private final Consumer<String> notices;
    private final Condition left;
    private Spent spent = Spent.NOTHING;
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
        return settings.budgets().usedUp(spent);
    }

    /// Whether an item that has not begun must wait.
    boolean holds() {
        if (held && settings.budgets().areLimited()) {
            return true;
        }
        Optional<String> usedUp = usedUp();
        if (usedUp.isPresent() && !noticed) {
            noticed = true;
            notices.accept(
                    "judge '%s': %s; no new judgment is begun and what comes waits in its topic"
                            .formatted(name, usedUp.get()));
        }
        return usedUp.isPresent();
    }

    /// Signalled when there may be some left.
    Condition left() {
        return left;
    }

    /// Counts an attempt that begins.
    void reserve() {
        spent = spent.plus(RESERVED);
    }

    /// Counts what an attempt took in place of the call that was reserved for it.
    void spend(Reply reply) {
        Spent used = CallCounts.used(reply, settings.prices());
        spent = spent.minus(RESERVED).plus(used);
        if (used.requests() < RESERVED.requests()) {
            left.signalAll();
        }
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
