package rlaif.processors;

import java.time.Duration;

/// How rollouts are scored.
///
/// @param scorer name of the scorer in every scored rollout
/// @param batchRollouts rollouts scored together, at least 1; fewer where no more are waiting
/// @param timeout an incomplete group is dead-lettered this long after its latest rollout came
public record ScoringSettings(String scorer, int batchRollouts, Duration timeout) {
    /// `reward-model`, 128 rollouts, ten minutes.
    public static final ScoringSettings DEFAULT =
            new ScoringSettings("reward-model", 128, Duration.ofMinutes(10));

    public ScoringSettings {
        if (batchRollouts < 1) {
            throw new IllegalArgumentException(
                    "batchRollouts must be at least 1, got " + batchRollouts);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("scoring timeout must be above 0, got " + timeout);
        }
    }
}
