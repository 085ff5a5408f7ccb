package rlaif.judging;

import rlaif.judging.limits.Spent;

/// What is set aside of a budget for the calls of one item, from its beginning until each is made
/// or not needed.
///
/// Everything is called with the lock of its {@link CallBudget} held.
final class Reservation {
    private final int attempts;
    private final Reply.Usage expected;
    private Spent each = Spent.NOTHING;
    private int unmade;
    private boolean begun;

    /// @param attempts that the item needs where none fails, at least 1
    /// @param expected what each may take, as long as none was answered that could tell
    Reservation(int attempts, Reply.Usage expected) {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, got " + attempts);
        }
        this.attempts = attempts;
        this.expected = expected;
    }

    /// For one attempt of the same kind.
    Reservation ofOne() {
        return new Reservation(1, expected);
    }

    boolean isBegun() {
        return begun;
    }

    Reply.Usage expected() {
        return expected;
    }

    int attempts() {
        return attempts;
    }

    /// What one attempt is counted as until it is known what it took.
    Spent each() {
        return each;
    }

    /// @return what is set aside from now on
    Spent begin(Spent estimate) {
        begun = true;
        each = estimate;
        unmade = attempts;
        return each.times(attempts);
    }

    /// An attempt begins.
    ///
    /// @return what is set aside for it beyond what was: for one that was not foreseen, all
    Spent attempt() {
        if (unmade == 0) {
            return each;
        }
        unmade--;
        return Spent.NOTHING;
    }

    /// No further attempt is foreseen.
    ///
    /// @return what was set aside and is not needed
    Spent end() {
        Spent left = each.times(unmade);
        unmade = 0;
        return left;
    }
}
