package rlaif.processors;

import java.time.Duration;
import rlaif.judging.Retries;

/// How rollouts are scored by a judge itself.
///
/// @param constitutionId constitution whose version in force is scored by
/// @param drawSeed seed of the draw of principles, one a group
/// @param maxInFlight most calls that wait for a reply at once, at least 1
/// @param timeout an incomplete group is dead-lettered this long after its latest rollout came
public record DirectScoringSettings(
        String constitutionId, long drawSeed, int maxInFlight, Retries retries, Duration timeout) {
    /// Constitution `nine-rules`, seed 1, 64 calls in flight, ten minutes.
    public static final DirectScoringSettings DEFAULT =
            new DirectScoringSettings("nine-rules", 1, 64, Retries.DEFAULT, Duration.ofMinutes(10));

    /// Rollouts that may be outstanding in one task, as a multiple of the calls in flight.
    private static final int OUTSTANDING_PER_CALL = 4;

    public DirectScoringSettings {
        if (maxInFlight < 1) {
            throw new IllegalArgumentException(
                    "maxInFlight must be at least 1, got " + maxInFlight);
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("scoring timeout must be above 0, got " + timeout);
        }
    }

    int maxOutstanding() {
        return OUTSTANDING_PER_CALL * maxInFlight;
    }
}
