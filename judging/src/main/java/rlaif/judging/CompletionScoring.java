package rlaif.judging;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

/// The direct scoring of one completion (d-RLAIF): what says nothing gets the least score without a
/// call, everything else is asked about until the judge answers, refuses, or the retries are used
/// up.
///
/// Safe for many threads; a bounded number of calls is under way at any time.
public final class CompletionScoring {
    private final ScoringJudge judge;
    private final Retries retries;
    private final Semaphore calls;

    /// @param maxInFlight most calls that wait for a reply at once, at least 1
    public CompletionScoring(ScoringJudge judge, int maxInFlight, Retries retries) {
        if (maxInFlight < 1) {
            throw new IllegalArgumentException(
                    "maxInFlight must be at least 1, got " + maxInFlight);
        }
        this.judge = judge;
        this.retries = retries;
        this.calls = new Semaphore(maxInFlight);
    }

    /// Blocks the calling (virtual) thread.
    public ScoredCompletion score(CompletionToScore completion) throws InterruptedException {
        if (DegenerateCompletion.is(ModelText.cleaned(completion.completion()))) {
            return new ScoredCompletion.Scored(ScoredCompletion.LEAST, 0);
        }
        Duration wait = retries.shortest();
        for (int attempt = 1; ; attempt++) {
            Reply reply = attempt(completion);
            if (!(reply instanceof Reply.RetryLater later)
                    || attempt > retries.max()
                    || later.after().compareTo(retries.longestAsked()) > 0) {
                return scored(reply, attempt);
            }
            wait = retries.next(wait, ThreadLocalRandom.current().nextDouble());
            Thread.sleep(later.after().plus(wait));
        }
    }

    private Reply attempt(CompletionToScore completion) throws InterruptedException {
        calls.acquire();
        try {
            return judge.score(completion);
        } finally {
            calls.release();
        }
    }

    private static ScoredCompletion scored(Reply reply, int attempts) {
        return switch (reply) {
            case Reply.Scored(double score, var _, var _) ->
                    new ScoredCompletion.Scored(score, attempts);
            case Reply.Unreadable(double coveredMass, var _) ->
                    new ScoredCompletion.Unreadable(coveredMass, attempts);
            case Reply.Refused(String cause) -> new ScoredCompletion.Failed(cause, attempts, false);
            case Reply.RetryLater(var _, String cause, var _) ->
                    new ScoredCompletion.Failed(cause, attempts, true);
            case Reply.Verdict _ ->
                    throw new IllegalStateException(
                            "a judge that was asked for a score gave a verdict");
        };
    }
}
