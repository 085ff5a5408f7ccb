package rlaif.judging;

import java.time.Duration;

/// How a failed call is repeated: a bounded number of times, with decorrelated jitter.
///
/// @param max retries after the first attempt, at least 0
/// @param shortest least wait before a retry
/// @param longest most wait that jitter grows to
/// @param longestAsked most wait that a judge's `Retry-After` may ask for; a longer one ends the
///   retries
public record Retries(int max, Duration shortest, Duration longest, Duration longestAsked) {
    public static final Retries DEFAULT =
            new Retries(5, Duration.ofMillis(500), Duration.ofSeconds(60), Duration.ofMinutes(10));

    public Retries {
        if (max < 0) {
            throw new IllegalArgumentException("retries must be at least 0, got " + max);
        }
        if (shortest.isNegative() || longest.compareTo(shortest) < 0) {
            throw new IllegalArgumentException(
                    "retry waits must be 0 <= shortest <= longest, got %s and %s"
                            .formatted(shortest, longest));
        }
    }

    /// Wait before the next attempt: uniform in [shortest, 3 x previous], at most `longest`.
    ///
    /// @param uniform drawn from [0, 1)
    public Duration next(Duration previous, double uniform) {
        long least = shortest.toNanos();
        long most = Math.max(least, 3 * previous.toNanos());
        long drawn = least + (long) (uniform * (most - least));
        return Duration.ofNanos(Math.min(drawn, longest.toNanos()));
    }
}
