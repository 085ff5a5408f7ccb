package rlaif.judging.revision;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import rlaif.judging.limits.Spent;

/// What became of one round: a critique with the revision that followed it, or a failure from which
/// no revision follows.
public sealed interface RevisedRound {
    /// Attempts made, retries included.
    int attempts();

    /// What all calls of the round used up, those that failed included.
    Spent spent();

    /// Both texts, cleaned.
    ///
    /// @param critique what the model found wrong; never trained on
    /// @param latency of the two calls that were answered, together
    /// @param promptTokens of both requests; empty: not reported
    /// @param completionTokens of both replies; empty: not reported
    /// @param microdollars cost of both; empty: no price is known
    record Revised(
            String critique,
            String revision,
            int attempts,
            Duration latency,
            OptionalInt promptTokens,
            OptionalInt completionTokens,
            OptionalLong microdollars,
            Spent spent)
            implements RevisedRound {}

    /// No revision.
    record Failed(Reason reason, String cause, int attempts, Spent spent) implements RevisedRound {}

    /// Why there is none.
    enum Reason {
        /// Retries were used up.
        UNAVAILABLE,
        /// The model refuses however often it is asked.
        REFUSED,
        /// What it wrote says nothing, was cut off, is too long or repeats the template's marks.
        UNUSABLE
    }
}
