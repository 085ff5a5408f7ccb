package rlaif.judging;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/// The judging of one pair: what needs no call is decided at once, everything else is asked in both
/// orders at the same time and averaged.
///
/// Safe for many threads; a bounded number of calls is under way at any time, however many pairs
/// wait.
public final class PairJudging {
    private final PersistentAsking asking;
    private final Settings settings;

    /// How pairs are judged.
    ///
    /// @param maxInFlight most calls that wait for a reply at once, at least 1
    /// @param abstainOnDisagreement true: no label where the orders choose different completions;
    ///   false: a soft label near 1/2
    public record Settings(int maxInFlight, boolean abstainOnDisagreement, Retries retries) {
        /// 64 calls in flight, the soft label kept.
        public static final Settings DEFAULT = new Settings(64, false, Retries.DEFAULT);

        public Settings {
            if (maxInFlight < 1) {
                throw new IllegalArgumentException(
                        "maxInFlight must be at least 1, got " + maxInFlight);
            }
        }
    }

    public PairJudging(Judge judge, Settings settings) {
        this.settings = settings;
        this.asking =
                new PersistentAsking(
                        judge, settings.retries(), new Semaphore(settings.maxInFlight()));
    }

    /// Blocks the calling (virtual) thread until the pair is judged or the retries are used up.
    public JudgedPair judge(PairToJudge pair) throws InterruptedException {
        String first = ModelText.cleaned(pair.first());
        String second = ModelText.cleaned(pair.second());
        if (first.equals(second)) {
            return new JudgedPair.Abstained(JudgedPair.Reason.IDENTICAL, List.of());
        }
        boolean firstDegenerate = DegenerateCompletion.is(first);
        boolean secondDegenerate = DegenerateCompletion.is(second);
        if (firstDegenerate && secondDegenerate) {
            return new JudgedPair.Abstained(JudgedPair.Reason.BOTH_DEGENERATE, List.of());
        }
        if (firstDegenerate || secondDegenerate) {
            return new JudgedPair.Preferred(firstDegenerate ? 0 : 1, List.of());
        }
        return askBothOrders(pair);
    }

    private JudgedPair askBothOrders(PairToJudge pair) throws InterruptedException {
        var secondFirst = new FutureTask<>(() -> asking.ask(pair, Order.SECOND_FIRST));
        Thread.ofVirtual().name("judge-second-first").start(secondFirst);
        try {
            AskedOrder firstSecond = asking.ask(pair, Order.FIRST_SECOND);
            return BothOrders.combined(
                    firstSecond, secondFirst.get(), settings.abstainOnDisagreement());
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "judge failed on pair " + pair.pairId() + ": " + e.getCause(), e.getCause());
        } finally {
            secondFirst.cancel(true); // of no effect once it has ended
        }
    }
}
