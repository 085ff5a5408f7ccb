package rlaif.cli.judging;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import rlaif.judging.JudgedPair;
import rlaif.judging.PairJudging;
import rlaif.judging.limits.Prices;

/// The judging of labelled pairs, many at once; a bounded number is held in memory.
public final class JudgeEvaluation {
    private final PairJudging judging;
    private final Prices prices;
    private final int maxOutstanding;

    /// @param prices of the judge's tokens
    /// @param maxOutstanding most pairs under way, at least 1
    public JudgeEvaluation(PairJudging judging, Prices prices, int maxOutstanding) {
        this.judging = judging;
        this.prices = prices;
        this.maxOutstanding = maxOutstanding;
    }

    /// Blocks until all pairs are judged.
    ///
    /// @param progress told the figures so far after each pair
    public JudgeFigures run(LabelledPairs pairs, Consumer<JudgeFigures> progress)
            throws InterruptedException {
        JudgeFigures figures = new JudgeFigures(prices);
        Semaphore outstanding = new Semaphore(maxOutstanding);
        var bug = new AtomicReference<Optional<RuntimeException>>(Optional.empty());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (bug.get().isEmpty()) {
                outstanding.acquire();
                Optional<LabelledPair> next = pairs.next();
                if (next.isEmpty()) {
                    break;
                }
                LabelledPair truth = next.get();
                threads.execute(() -> {
                    try {
                        JudgedPair judged = judging.judge(truth.pair());
                        synchronized (figures) {
                            figures.add(truth, judged);
                            progress.accept(figures);
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
        }
        bug.get()
                .ifPresent(failure -> {
                    throw failure;
                });
        return figures;
    }
}
