package rlaif.judging.http;

import java.time.Duration;
import rlaif.judging.Reply;

/// What came back for one request.
public sealed interface Answer {
    /// Status 200 and a whole body.
    record Complete(String body, Duration latency) implements Answer {}

    /// Another status.
    ///
    /// @param excerpt start of the body on one line, without the key
    /// @param after how long the endpoint asked to be left alone; zero: it did not say
    record Rejected(int status, String excerpt, Duration after) implements Answer {}

    /// Nothing that another attempt would change.
    record Forbidden(String cause) implements Answer {}

    /// Nothing this time.
    record Broken(Reply.Obstacle obstacle, String cause) implements Answer {}

    /// What the judge's caller is told where there is no body.
    static Reply failure(Rejected rejected) {
        int status = rejected.status();
        String cause = "status " + status + ": " + rejected.excerpt();
        boolean passing = status == 408 || status == 429 || status >= 500;
        return passing
                ? new Reply.RetryLater(Reply.Obstacle.ofStatus(status), cause, rejected.after())
                : new Reply.Refused(cause);
    }
}
