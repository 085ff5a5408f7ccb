package rlaif.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
        if (calls.away()) { // the pause names the judge itself
            troubles.add(calls.pause() + "; it is waited for");
        } else if (!calls.pause().isEmpty()) {
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

    /// What is waited for and ends by itself, in words; empty: nothing is.
    Optional<String> awaited() {
        if (calls.away()) {
            return Optional.of(calls.pause());
        }
        if (!calls.retrying().isEmpty()) {
            return Optional.of(
                    "judge '%s' is asked again after: %s"
                            .formatted(calls.judge(), calls.retrying()));
        }
        return calls.inFlight() > 0
                ? Optional.of(
                        "judge '%s' has %d calls to answer"
                                .formatted(calls.judge(), calls.inFlight()))
                : Optional.empty();
    }

    /// Why it is asked no more in this run: a budget is used up; empty: none is.
    Optional<String> usedUp() {
        return calls.away() || calls.pause().isEmpty()
                ? Optional.empty()
                : Optional.of("judge '%s': %s".formatted(calls.judge(), calls.pause()));
    }

    /// All of it.
    String line() {
        return String.format(
                Locale.ROOT,
                "judge '%s': %,d answered, %,d refused, %,d denied, %,d for load, %,d timeouts, %,d faults, %,d remembered, %,d of the last %,d attacks succeeded",
                calls.judge(),
                calls.answered(),
                calls.refused(),
                calls.denied(),
                calls.load(),
                calls.timeouts(),
                calls.faults(),
                cacheHits,
                canaries.succeeded(),
                canaries.looked());
    }
}
