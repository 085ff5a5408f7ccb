package rlaif.judging;

import java.util.Optional;
import java.util.function.Consumer;

/// Whoever scores one completion directly, from 1 to 10 (d-RLAIF, RLAIF 2.2.2).
///
/// Safe for many threads at once.
public interface ScoringJudge extends JudgeIdentity {
    /// One attempt. Blocks the calling (virtual) thread; whatever goes wrong outside this process
    /// is a {@link Reply}, and a readable answer is a {@link Reply.Scored}.
    Reply score(CompletionToScore completion) throws InterruptedException;

    /// The same, telling of every request that it takes when that has ended, whatever came of it.
    default Reply score(CompletionToScore completion, Consumer<Bodies> seen)
            throws InterruptedException {
        Reply reply = score(completion);
        switch (reply) {
            case Reply.Scored scored -> seen.accept(scored.exchange().bodies());
            case Reply.Unreadable(var _, Reply.Exchange exchange) -> seen.accept(exchange.bodies());
            case Reply.Verdict _, Reply.Written _, Reply.Refused _, Reply.RetryLater _ -> {}
        }
        return reply;
    }

    /// Something harmless that the judge was asked to score before, and did; empty: nothing is
    /// known.
    default Optional<CompletionToScore> scoredBefore() {
        return Optional.empty();
    }
}
