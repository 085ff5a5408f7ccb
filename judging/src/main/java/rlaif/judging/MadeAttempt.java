package rlaif.judging;

import java.time.Duration;

/// An attempt that was made.
///
/// @param before what the endpoint had done when it began
/// @param startedNanos when it began
/// @param endedNanos when it ended
record MadeAttempt(Reply reply, Before before, long startedNanos, long endedNanos) {

    /// What an endpoint had done at some time.
    ///
    /// @param answers replies that it had given
    /// @param changes of its breaker
    record Before(long answers, long changes) {}

    Duration took() {
        return Duration.ofNanos(endedNanos - startedNanos);
    }

    /// Whether whoever asks was refused.
    boolean isDenial() {
        return reply instanceof Reply.Refused refused && refused.denied();
    }

    MadeAttempt with(Reply changed) {
        return new MadeAttempt(changed, before, startedNanos, endedNanos);
    }
}
