package rlaif.judging.limits;

import java.util.Optional;

/// What may be used up before no new item is begun.
///
/// @param requests calls; 0: without end
/// @param tokens tokens of requests and replies; 0: without end
/// @param microdollars millionths of a US dollar; 0: without end
/// @param keys what the settings' names begin with, for whoever is to raise one
public record Budgets(long requests, long tokens, long microdollars, String keys) {
    public static final Budgets WITHOUT_END = new Budgets(0, 0, 0);

    /// Of a judge.
    public Budgets(long requests, long tokens, long microdollars) {
        this(requests, tokens, microdollars, "judge.budget");
    }

    public Budgets {
        if (requests < 0 || tokens < 0 || microdollars < 0) {
            throw new IllegalArgumentException(
                    "a budget must be at least 0 (0: without end), got %d requests, %d tokens and %d millionths of a dollar"
                            .formatted(requests, tokens, microdollars));
        }
    }

    /// Whether there is any.
    public boolean areLimited() {
        return requests > 0 || tokens > 0 || microdollars > 0;
    }

    /// The first budget that is used up, in words; empty: none is.
    public Optional<String> usedUp(Spent spent) {
        return usedUp(spent, Spent.NOTHING);
    }

    /// The first budget of which less is left than what comes next needs, in words; empty: there is
    /// enough.
    public Optional<String> usedUp(Spent spent, Spent next) {
        if (isShort(requests, spent.requests(), next.requests())) {
            return Optional.of(
                    "the budget of %d requests is used up (%d made%s): raise %s.requests"
                            .formatted(requests, spent.requests(), needed(next.requests()), keys));
        }
        if (isShort(tokens, spent.tokens(), next.tokens())) {
            return Optional.of(
                    "the budget of %d tokens is used up (%d used%s): raise %s.tokens"
                            .formatted(tokens, spent.tokens(), needed(next.tokens()), keys));
        }
        if (isShort(microdollars, spent.microdollars(), next.microdollars())) {
            return Optional.of(
                    "the budget of %.2f dollars is used up (%.2f spent%s): raise %s.dollars"
                            .formatted(
                                    microdollars / 1e6,
                                    spent.microdollars() / 1e6,
                                    next.microdollars() == 0
                                            ? ""
                                            : ", what comes next may need %.4f"
                                                    .formatted(next.microdollars() / 1e6),
                                    keys));
        }
        return Optional.empty();
    }

    private static boolean isShort(long budget, long spent, long next) {
        return budget > 0 && (spent >= budget || spent + next > budget);
    }

    private static String needed(long next) {
        return next == 0 ? "" : ", what comes next may need %d".formatted(next);
    }

    /// The first budget of which more was used than there was, in words; empty: none.
    public Optional<String> exceeded(Spent spent) {
        if (requests > 0 && spent.requests() > requests) {
            return Optional.of(
                    "%d requests were made, more than %s.requests = %d"
                            .formatted(spent.requests(), keys, requests));
        }
        if (tokens > 0 && spent.tokens() > tokens) {
            return Optional.of(
                    "%d tokens were used, more than %s.tokens = %d"
                            .formatted(spent.tokens(), keys, tokens));
        }
        if (microdollars > 0 && spent.microdollars() > microdollars) {
            return Optional.of(
                    "%.4f dollars were spent, more than %s.dollars = %.4f"
                            .formatted(spent.microdollars() / 1e6, keys, microdollars / 1e6));
        }
        return Optional.empty();
    }
}
