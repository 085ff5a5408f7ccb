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

    public DirectScoringSettings {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("scoring timeout must be above 0, got " + timeout);
        }
    }

    /// What one task may have outstanding.
    Room room() {
        return Room.of(calls);
    }
}
