package rlaif.processors;

import java.time.Duration;
import rlaif.judging.JudgeCalls;

/// How rollouts are scored by a judge itself.
///
/// @param constitutionId constitution whose version in force is scored by
/// @param drawSeed seed of the draw of principles, one a group
/// @param calls how the judge is called
/// @param timeout an incomplete group is dead-lettered this long after its latest rollout came
public record DirectScoringSettings(
        String constitutionId, long drawSeed, JudgeCalls.Settings calls, Duration timeout) {
    /// Constitution `nine-rules`, seed 1, 64 calls in flight, ten minutes.
    public static final DirectScoringSettings DEFAULT =
            new DirectScoringSettings(
                    "nine-rules", 1, JudgeCalls.Settings.DEFAULT, Duration.ofMinutes(10));

    /// Rollouts that may be outstanding in one task, as a multiple of the calls in flight.
    private static final int OUTSTANDING_PER_CALL = 4;

    public DirectScoringSettings {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("scoring timeout must be above 0, got " + timeout);
        }
    }

    int maxOutstanding() {
        return OUTSTANDING_PER_CALL * calls.maxInFlight();
    }
}
