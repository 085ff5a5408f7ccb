package rlaif.judging;

import rlaif.judging.limits.Spent;

/// The direct scoring of one completion (d-RLAIF): what says nothing gets the least score without a
/// call, everything else is asked about until the judge answers or it is given up.
///
/// Safe for many threads.
///
/// @param calls all calls to the judge's endpoint
public record CompletionScoring(ScoringJudge judge, JudgeCalls calls) {
    public CompletionScoring {
        judge.scoredBefore().ifPresent(known -> calls.know(() -> judge.score(known)));
    }

    /// Blocks the calling (virtual) thread.
    public ScoredCompletion score(CompletionToScore completion) throws InterruptedException {
        if (DegenerateCompletion.is(ModelText.cleaned(completion.completion()))) {
            return new ScoredCompletion.Scored(ScoredCompletion.LEAST, 0, Spent.NOTHING);
        }
        int units =
                completion.principle().compare().length()
                        + completion.prompt().length()
                        + completion.completion().length();
        try (JudgeCalls.Item item =
                calls.item(completion.rolloutId(), 1, Reply.Usage.expected(1, units, 1))) {
            return scored(item.ask(() -> judge.score(completion)));
        }
    }

    private static ScoredCompletion scored(JudgeCalls.Called called) {
        return switch (called.reply()) {
            case Reply.Scored(double score, var _, var _, var _) ->
                    new ScoredCompletion.Scored(score, called.attempts(), called.spent());
            case Reply.Unreadable(double coveredMass, var _) ->
                    new ScoredCompletion.Unreadable(coveredMass, called.attempts(), called.spent());
            case Reply.Refused refused ->
                    new ScoredCompletion.Failed(
                            refused.cause(),
                            called.attempts(),
                            JudgedPair.Failure.REFUSED,
                            called.spent());
            case Reply.RetryLater later ->
                    new ScoredCompletion.Failed(
                            later.cause(),
                            called.attempts(),
                            called.expired()
                                    ? JudgedPair.Failure.DEADLINE
                                    : JudgedPair.Failure.UNAVAILABLE,
                            called.spent());
            case Reply.Verdict _, Reply.Written _ ->
                    throw new IllegalStateException("a judge that was asked for a score gave none");
        };
    }
}
