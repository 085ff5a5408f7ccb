package rlaif.processors;

import java.time.Duration;
import rlaif.judging.JudgeCalls;

/// How rollouts are scored by a judge itself.
///
/// @param constitutionId constitution whose version in force is scored by
/// @param drawSeed seed of the draw of principles
/// @param principles one drawn for each group, or all
/// @param calls how the judge is called
/// @param timeout an incomplete group is dead-lettered this long after its latest rollout came
public record DirectScoringSettings(
        String constitutionId,
        long drawSeed,
        JudgingSettings.Principles principles,
        JudgeCalls.Settings calls,
        Duration timeout) {
    /// Constitution `nine-rules`, seed 1, principles drawn, 64 calls in flight, ten minutes.
    public static final DirectScoringSettings DEFAULT =
            new DirectScoringSettings(
                    "nine-rules",
                    1,
                    JudgingSettings.Principles.DRAWN,
                    JudgeCalls.Settings.DEFAULT,
                    Duration.ofMinutes(10));

    /// Rollouts that may be outstanding in one task, as a multiple of the calls in flight.
    private static final int OUTSTANDING_PER_CALL = 4;

    private static final int FEWEST_OUTSTANDING = 16;

    public DirectScoringSettings {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("scoring timeout must be above 0, got " + timeout);
        }
    }

    /// Rollouts outstanding in one task from which no more are fetched.
    int holdFrom() {
        return maxOutstanding() / 2;
    }

    int maxOutstanding() {
        return Math.max(FEWEST_OUTSTANDING, OUTSTANDING_PER_CALL * calls.maxInFlight());
    }
}
