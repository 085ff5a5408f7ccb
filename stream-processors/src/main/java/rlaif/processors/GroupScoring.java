package rlaif.processors;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import rlaif.events.Rollout;
import rlaif.judging.CompletionScoring;
import rlaif.judging.CompletionToScore;
import rlaif.judging.Principle;
import rlaif.judging.ScoredCompletion;

/// The direct scoring of one group: each completion on a virtual thread of its own.
record GroupScoring(CompletionScoring scoring, RolloutGroup group, Principle principle)
        implements Outstanding.Work<List<ScoredCompletion>> {

    /// Blocks the calling (virtual) thread.
    ///
    /// @return one a rollout, by index
    @Override
    public List<ScoredCompletion> run() throws InterruptedException {
        List<FutureTask<ScoredCompletion>> asked = new ArrayList<>();
        try {
            for (Rollout rollout : group.rollouts()) {
                var one = new FutureTask<>(() -> score(rollout));
                asked.add(one);
                Thread.ofVirtual().name("score-one-", 0).start(one);
            }
            List<ScoredCompletion> scores = new ArrayList<>();
            for (FutureTask<ScoredCompletion> one : asked) {
                scores.add(one.get());
            }
            return scores;
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case RuntimeException broken -> broken;
                case Error error -> throw error;
                case null, default -> new IllegalStateException(e);
            };
        } finally {
            asked.forEach(one -> one.cancel(true)); // of no effect on those that have ended
        }
    }

    private ScoredCompletion score(Rollout rollout) throws InterruptedException {
        return scoring.score(
                new CompletionToScore(
                        rollout.getId(), principle, rollout.getPrompt(), rollout.getCompletion()));
    }
}
