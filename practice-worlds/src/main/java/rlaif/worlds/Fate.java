package rlaif.worlds;

import java.time.Duration;

/// What becomes of one request at a simulated judge that has faults.
///
/// @param delay before whatever is sent
/// @param hidesLogprobs whether a reply leaves them out
/// @param draw of what else there is to choose
record Fate(Outcome outcome, Duration delay, boolean hidesLogprobs, long draw) {
    enum Outcome {
        REPLY,
        UNANSWERED,
        TOO_MANY_REQUESTS,
        SERVER_ERROR,
        MALFORMED
    }

    static final Fate GOOD = new Fate(Outcome.REPLY, Duration.ZERO, false, 0);
}
