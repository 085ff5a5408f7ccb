package rlaif.processors;

import java.time.Duration;

/// How groups become pairs.
///
/// @param pairsPerGroup pairs drawn from a group, disjoint as long as there are enough rollouts; 0:
///   all
/// @param timeout an incomplete group is dead-lettered this long after its latest rollout came
public record PairingSettings(int pairsPerGroup, Duration timeout) {
    /// Two pairs a group, ten minutes.
    public static final PairingSettings DEFAULT = new PairingSettings(2, Duration.ofMinutes(10));

    public PairingSettings {
        if (pairsPerGroup < 0) {
            throw new IllegalArgumentException(
                    "pairsPerGroup must be at least 0, got " + pairsPerGroup);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("pairing timeout must be above 0, got " + timeout);
        }
    }
}
