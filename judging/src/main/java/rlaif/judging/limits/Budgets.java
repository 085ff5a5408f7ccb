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
        if (requests > 0 && spent.requests() >= requests) {
            return Optional.of(
                    "the budget of %d requests is used up (%d made): raise %s.requests"
                            .formatted(requests, spent.requests(), keys));
        }
        if (tokens > 0 && spent.tokens() >= tokens) {
            return Optional.of(
                    "the budget of %d tokens is used up (%d used): raise %s.tokens"
                            .formatted(tokens, spent.tokens(), keys));
        }
        if (microdollars > 0 && spent.microdollars() >= microdollars) {
            return Optional.of(
                    "the budget of %.2f dollars is used up (%.2f spent): raise %s.dollars"
                            .formatted(microdollars / 1e6, spent.microdollars() / 1e6, keys));
        }
        return Optional.empty();
    }
}
