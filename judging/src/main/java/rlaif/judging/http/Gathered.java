package rlaif.judging.http;

import java.util.List;
import rlaif.judging.Reply;

/// What came of asking for as many replies as were wanted.
sealed interface Gathered {
    /// All of them, in one call or several; each call's {@link Spent} includes the calls before it.
    record Replies(List<Called.Answered> calls) implements Gathered {
        Called.Answered last() {
            return calls.getLast();
        }
    }

    /// One call failed.
    record Failed(Reply reply) implements Gathered {}
}
