package rlaif.judging;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The last request that an endpoint answered, or the one that it is known to answer: asked again
/// to find out whether the endpoint is there.
///
/// Safe for many threads.
final class KnownRequest {
    /// Trials made while the endpoint was away: by turns what was answered before, and what waits,
    /// in case the former cannot be answered any more.
    private final AtomicInteger trials = new AtomicInteger();

    private volatile JudgeCalls.@Nullable Attempt answered;

    void answered(JudgeCalls.Attempt attempt) {
        answered = attempt;
    }

    /// Empty: nothing was ever answered.
    Optional<JudgeCalls.Attempt> get() {
        return Optional.ofNullable(answered);
    }

    /// What a trial asks; empty: what waits.
    Optional<JudgeCalls.Attempt> forTrial() {
        JudgeCalls.Attempt known = answered;
        return known == null || trials.getAndIncrement() % 2 == 1
                ? Optional.empty()
                : Optional.of(known);
    }
}
