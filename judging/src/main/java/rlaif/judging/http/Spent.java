package rlaif.judging.http;

import java.time.Duration;
import java.util.OptionalInt;
import rlaif.judging.Reply;

/// Time and tokens of one or several calls.
///
/// @param calls how many
/// @param promptTokens empty: one call at least did not report them, or not truthfully
record Spent(int calls, Duration latency, OptionalInt promptTokens, OptionalInt completionTokens) {
    /// Of no call.
    static final Spent NOTHING = new Spent(0, Duration.ZERO, OptionalInt.of(0), OptionalInt.of(0));

    Spent plus(Spent other) {
        return new Spent(
                calls + other.calls,
                latency.plus(other.latency),
                sum(promptTokens, other.promptTokens),
                sum(completionTokens, other.completionTokens));
    }

    Reply.Usage usage() {
        return new Reply.Usage(calls, promptTokens.orElse(0), completionTokens.orElse(0));
    }

    private static OptionalInt sum(OptionalInt one, OptionalInt other) {
        if (one.isEmpty() || other.isEmpty()) {
            return OptionalInt.empty();
        }
        long sum = (long) one.getAsInt() + other.getAsInt();
        return sum > Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of((int) sum);
    }
}
