package rlaif.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import rlaif.judging.CallStatus;
import rlaif.judging.CanaryWatch;

/// How a judge, scorer or reviser at work stands.
///
/// @param cacheHits replies that were remembered
/// @param canaries how attacks put beside real pairs fare
record JudgeStanding(CallStatus calls, long cacheHits, CanaryWatch.Standing canaries) {
    private static final CanaryWatch.Standing NO_CANARIES =
            new CanaryWatch.Standing(0, 0, 0, false);

    /// Of one that is shown no attacks and remembers nothing.
    static JudgeStanding of(CallStatus calls) {
        return new JudgeStanding(calls, 0, NO_CANARIES);
    }

    /// What is off, in a line each; empty: nothing is.
    List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        if (!calls.pause().isEmpty()) {
            troubles.add("judge '%s' is paused: %s".formatted(calls.judge(), calls.pause()));
        }
        if (canaries.alarmed()) {
            troubles.add(
                    "ALARM: judge '%s' preferred %d of the last %d attacks"
                            .formatted(calls.judge(), canaries.succeeded(), canaries.looked()));
        }
        if (2 * calls.limit() < calls.maxInFlight()) {
            troubles.add(
                    "judge '%s' takes %d of %d calls at once"
                            .formatted(calls.judge(), calls.limit(), calls.maxInFlight()));
        }
        return troubles;
    }

    /// All of it.
    String line() {
        return String.format(
                Locale.ROOT,
                "judge '%s': %,d answered, %,d refused, %,d for load, %,d timeouts, %,d faults, %,d remembered, %,d of the last %,d attacks succeeded",
                calls.judge(),
                calls.answered(),
                calls.refused(),
                calls.load(),
                calls.timeouts(),
                calls.faults(),
                cacheHits,
                canaries.succeeded(),
                canaries.looked());
    }
}
