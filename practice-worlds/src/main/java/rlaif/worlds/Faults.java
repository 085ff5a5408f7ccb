package rlaif.worlds;

import java.time.Duration;

/// What goes wrong at the simulated judge.
///
/// Which request meets which fault is a function of its bytes, of how often the same bytes came
/// before, and of the seed: the same requests meet the same faults in every run. Shares are of all
/// requests, in [0, 1], and the first four add up to at most 1.
///
/// @param delay median time before a reply
/// @param delaySpread standard deviation of the delay's logarithm; 0: always the median
/// @param unanswered share that gets no reply while the server runs
/// @param tooManyRequests share that gets status 429 at once
/// @param serverErrors share that gets status 500
/// @param malformed share that gets status 200 and a body that is no reply: half of one, a page of
///   HTML, or nothing
/// @param hiddenLogprobs share, of the different requests, whose reply has no log-probabilities
/// @param retryAfter what a 429 asks for, in whole seconds; zero: it does not say
/// @param requestsPerSecond beyond this rate every request gets status 429; infinite: no limit
public record Faults(
        Duration delay,
        double delaySpread,
        double unanswered,
        double tooManyRequests,
        double serverErrors,
        double malformed,
        double hiddenLogprobs,
        Duration retryAfter,
        double requestsPerSecond,
        long seed) {

    public Faults {
        if (delay.isNegative() || retryAfter.isNegative()) {
            throw new IllegalArgumentException(
                    "durations must be 0 or more, got " + delay + " and " + retryAfter);
        }
        if (!(delaySpread >= 0 && Double.isFinite(delaySpread))) {
            throw new IllegalArgumentException(
                    "the spread of the delay must be 0 or more, got " + delaySpread);
        }
        requireShare("unanswered", unanswered);
        requireShare("tooManyRequests", tooManyRequests);
        requireShare("serverErrors", serverErrors);
        requireShare("malformed", malformed);
        requireShare("hiddenLogprobs", hiddenLogprobs);
        double sum = unanswered + tooManyRequests + serverErrors + malformed;
        if (sum > 1 + 1e-9) {
            throw new IllegalArgumentException("the shares add up to more than 1: " + sum);
        }
        if (!(requestsPerSecond > 0)) {
            throw new IllegalArgumentException(
                    "the rate limit must be above 0 requests/s, got " + requestsPerSecond);
        }
    }

    /// Nothing goes wrong, and every reply comes at once.
    public static Faults none() {
        return new Faults(
                Duration.ZERO, 0, 0, 0, 0, 0, 0, Duration.ZERO, Double.POSITIVE_INFINITY, 1);
    }

    /// Every reply after `delay`.
    public Faults withDelay(Duration delay) {
        return withDelay(delay, 0);
    }

    /// Replies after log-normal delays.
    public Faults withDelay(Duration median, double spread) {
        return new Faults(
                median,
                spread,
                unanswered,
                tooManyRequests,
                serverErrors,
                malformed,
                hiddenLogprobs,
                retryAfter,
                requestsPerSecond,
                seed);
    }

    /// The four shares of requests that get no reply to use.
    public Faults withShares(
            double unanswered, double tooManyRequests, double serverErrors, double malformed) {
        return new Faults(
                delay,
                delaySpread,
                unanswered,
                tooManyRequests,
                serverErrors,
                malformed,
                hiddenLogprobs,
                retryAfter,
                requestsPerSecond,
                seed);
    }

    public Faults withHiddenLogprobs(double share) {
        return new Faults(
                delay,
                delaySpread,
                unanswered,
                tooManyRequests,
                serverErrors,
                malformed,
                share,
                retryAfter,
                requestsPerSecond,
                seed);
    }

    public Faults withRetryAfter(Duration asked) {
        return new Faults(
                delay,
                delaySpread,
                unanswered,
                tooManyRequests,
                serverErrors,
                malformed,
                hiddenLogprobs,
                asked,
                requestsPerSecond,
                seed);
    }

    public Faults withRateLimit(double limit) {
        return new Faults(
                delay,
                delaySpread,
                unanswered,
                tooManyRequests,
                serverErrors,
                malformed,
                hiddenLogprobs,
                retryAfter,
                limit,
                seed);
    }

    public Faults withSeed(long other) {
        return new Faults(
                delay,
                delaySpread,
                unanswered,
                tooManyRequests,
                serverErrors,
                malformed,
                hiddenLogprobs,
                retryAfter,
                requestsPerSecond,
                other);
    }

    private static void requireShare(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(name + " must lie in [0, 1], got " + share);
        }
    }
}
