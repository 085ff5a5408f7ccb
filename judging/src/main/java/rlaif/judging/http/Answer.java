package rlaif.judging.http;

import java.time.Duration;
import java.util.Optional;
import rlaif.judging.Reply;

/// What came back for one request.
public sealed interface Answer {
    /// Status 200 and a whole body.
    record Complete(String body, Duration latency) implements Answer {}

    /// Another status.
    ///
    /// @param excerpt start of the body on one line, without the key
    /// @param denial what it says of the caller; empty: nothing
    /// @param after how long the endpoint asked to be left alone; zero: it did not say
    record Rejected(int status, String excerpt, Optional<Denial> denial, Duration after)
            implements Answer {}

    /// Nothing, whatever is asked: the address is one that is not called, or that redirects.
    record Forbidden(String cause) implements Answer {}

    /// More than is read.
    record TooLarge(String cause) implements Answer {}

    /// Nothing this time.
    record Broken(Reply.Obstacle obstacle, String cause) implements Answer {}

    /// What the judge's caller is told where there is no body.
    static Reply failure(Rejected rejected) {
        int status = rejected.status();
        if (rejected.denial().isPresent()) {
            return Reply.Refused.denied(
                    "status %d (%s): %s"
                            .formatted(
                                    status, rejected.denial().get().words(), rejected.excerpt()));
        }
        String cause = "status " + status + ": " + rejected.excerpt();
        boolean passing = status == 408 || status == 429 || status >= 500;
        return passing
                ? new Reply.RetryLater(Reply.Obstacle.ofStatus(status), cause, rejected.after())
                : new Reply.Refused(cause);
    }
}
