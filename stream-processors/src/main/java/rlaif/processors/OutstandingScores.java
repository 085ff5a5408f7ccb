package rlaif.processors;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import rlaif.events.Rollout;
import rlaif.judging.CompletionScoring;
import rlaif.judging.CompletionToScore;
import rlaif.judging.Principle;
import rlaif.judging.ScoredCompletion;

/// The direct scoring under way for one task: each completion on a virtual thread of its own, a
/// group's scores together in a queue that the task empties. Everything but the queue is owned by
/// the task's thread.
final class OutstandingScores implements AutoCloseable {
    /// How a group came back.
    sealed interface Result {
        StampedGroup group();

        /// @param scores one a rollout, by index
        record Scored(StampedGroup group, List<ScoredCompletion> scores) implements Result {}

        /// Something threw; only this group is affected.
        record Broken(StampedGroup group, RuntimeException cause) implements Result {}
    }

    /// A group with what it is scored by.
    record StampedGroup(RolloutGroup group, Stamp stamp) {}

    private final CompletionScoring scoring;
    private final Map<String, Thread> threads = new HashMap<>();
    private final BlockingQueue<Result> results = new LinkedBlockingQueue<>();
    private int rollouts;
    private long bytes;
    private volatile @Nullable Error fatal;

    OutstandingScores(CompletionScoring scoring) {
        this.scoring = scoring;
    }

    boolean contains(String groupId) {
        return threads.containsKey(groupId);
    }

    /// Rollouts whose scores are outstanding.
    int rollouts() {
        return rollouts;
    }

    /// Bytes of the records of these rollouts.
    long bytes() {
        return bytes;
    }

    void submit(StampedGroup group, Principle principle) {
        add(group, Thread.ofVirtual().name("score-", 0).start(() -> score(group, principle)));
    }

    /// Ends at once with a failure.
    void fail(StampedGroup group, RuntimeException cause) {
        add(group, Thread.currentThread());
        results.add(new Result.Broken(group, cause));
    }

    private void add(StampedGroup group, Thread thread) {
        threads.put(group.group().id(), thread);
        rollouts += group.group().members().size();
        bytes += group.group().bytes();
    }

    private void score(StampedGroup group, Principle principle) {
        List<FutureTask<ScoredCompletion>> asked = new ArrayList<>();
        try {
            for (Rollout rollout : group.group().rollouts()) {
                var one =
                        new FutureTask<>(() ->
                                scoring.score(
                                        new CompletionToScore(
                                                rollout.getId(),
                                                principle,
                                                rollout.getPrompt(),
                                                rollout.getCompletion())));
                asked.add(one);
                Thread.ofVirtual().name("score-one-", 0).start(one);
            }
            List<ScoredCompletion> scores = new ArrayList<>();
            for (FutureTask<ScoredCompletion> one : asked) {
                scores.add(one.get());
            }
            results.add(new Result.Scored(group, scores));
        } catch (InterruptedException e) {
            // the task is closing; whoever owns the group next submits it again
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException broken -> results.add(new Result.Broken(group, broken));
                case Error error -> fatal = error;
                case null, default ->
                        results.add(new Result.Broken(group, new IllegalStateException(e)));
            }
        } finally {
            asked.forEach(one -> one.cancel(true)); // of no effect on those that have ended
        }
    }

    /// The next result, if there is one.
    Optional<Result> poll() {
        return taken(results.poll());
    }

    /// The next result, waited for.
    Optional<Result> poll(Duration longest) throws InterruptedException {
        return taken(results.poll(longest.toNanos(), TimeUnit.NANOSECONDS));
    }

    private Optional<Result> taken(@Nullable Result result) {
        Error error = fatal;
        if (error != null) {
            throw new IllegalStateException("scoring broke: " + error, error);
        }
        if (result != null && threads.remove(result.group().group().id()) != null) {
            rollouts -= result.group().group().members().size();
            bytes -= result.group().group().bytes();
        }
        return Optional.ofNullable(result);
    }

    @Override
    public void close() {
        threads.values().stream().filter(Thread::isVirtual).forEach(Thread::interrupt);
        threads.clear();
        rollouts = 0;
        bytes = 0;
    }
}
