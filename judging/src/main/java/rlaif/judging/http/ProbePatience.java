package rlaif.judging.http;

import java.time.Duration;

/// How long a probe may take in all, and how soon it asks again.
///
/// @param longest from its first call to the end of its last; a call's own deadline may be shorter
/// @param pause before a call is made again after a passing failure, at first
public record ProbePatience(Duration longest, Duration pause) {
    public ProbePatience {
        if (!longest.isPositive()) {
            throw new IllegalArgumentException(
                    "a probe needs a time above 0, got %s".formatted(longest));
        }
    }
}
