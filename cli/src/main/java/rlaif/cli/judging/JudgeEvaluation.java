package rlaif.cli.judging;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import rlaif.judging.JudgedPair;
import rlaif.judging.PairJudging;

/// The judging of labelled pairs, many at once; a bounded number is held in memory.
public final class JudgeEvaluation {
    private final PairJudging judging;
    private final int maxOutstanding;

    /// @param maxOutstanding most pairs under way, at least 1
    public JudgeEvaluation(PairJudging judging, int maxOutstanding) {
        this.judging = judging;
        this.maxOutstanding = maxOutstanding;
    }

    /// Blocks until all pairs are judged; an interrupt ends those under way.
    ///
    /// @param figures what is known after each pair; nobody adds to them after the return
    /// @param progress told of each pair that was judged
    public void run(LabelledPairs pairs, JudgeFigures figures, Runnable progress)
            throws InterruptedException {
        Semaphore outstanding = new Semaphore(maxOutstanding);
        var bug = new AtomicReference<Optional<RuntimeException>>(Optional.empty());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            while (bug.get().isEmpty()) {
                outstanding.acquire();
                Optional<LabelledPair> next = pairs.next();
                if (next.isEmpty()) {
                    outstanding.release();
                    break;
                }
                LabelledPair truth = next.get();
                threads.execute(() -> {
                    try {
                        JudgedPair judged = judging.judge(truth.pair());
                        synchronized (figures) {
                            figures.add(truth, judged);
                            progress.run();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException e) {
                        bug.compareAndSet(Optional.empty(), Optional.of(e));
                    } finally {
                        outstanding.release();
                    }
                });
            }
            outstanding.acquire(maxOutstanding); // all have come back
        } finally {
            threads.shutdownNow();
            threads.close();
        }
        bug.get()
                .ifPresent(failure -> {
                    throw failure;
                });
    }
}
