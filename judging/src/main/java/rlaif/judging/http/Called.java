package rlaif.judging.http;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import rlaif.judging.ReadingMode;
import rlaif.judging.Reply;

/// What came of one call to a model.
sealed interface Called {
    /// Replies that can be read.
    ///
    /// @param request body that was sent
    /// @param reply body that came back, without the key
    /// @param spent by this call and those before it that belong together
    record Answered(ReplyBody.Choices choices, String request, String reply, Spent spent)
            implements Called {
        Answered after(Spent earlier) {
            return new Answered(choices, request, reply, earlier.plus(spent));
        }

        Reply.Exchange exchange(ReadingMode mode, String rationale) {
            return new Reply.Exchange(
                    mode,
                    rationale,
                    request,
                    reply,
                    spent.latency(),
                    spent.promptTokens(),
                    spent.completionTokens(),
                    spent.calls());
        }
    }

    /// None.
    ///
    /// @param status of the endpoint's answer; empty: it gave none, or one that cannot be read
    /// @param denial what it says of the caller; empty: nothing
    record Failed(Reply reply, OptionalInt status, Optional<Denial> denial) implements Called {
        /// Without an answer that can be read, and nothing said of the caller.
        Failed(Reply reply) {
            this(reply, OptionalInt.empty(), Optional.empty());
        }

        /// After calls that belong to it and were answered.
        Failed after(Spent earlier) {
            Reply.Usage before = earlier.usage();
            Reply together =
                    switch (reply) {
                        case Reply.Refused(String cause, boolean denied, Reply.Usage usage) ->
                                new Reply.Refused(cause, denied, before.plus(usage));
                        case Reply.RetryLater(
                                        Reply.Obstacle obstacle,
                                        String cause,
                                        Duration after,
                                        Reply.Usage usage) ->
                                new Reply.RetryLater(obstacle, cause, after, before.plus(usage));
                        case Reply.Verdict _, Reply.Scored _, Reply.Written _, Reply.Unreadable _ ->
                                throw new IllegalStateException("a failed call has no " + reply);
                    };
            return new Failed(together, status, denial);
        }

        /// What went wrong, in words.
        String cause() {
            return switch (reply) {
                case Reply.Refused refused -> refused.cause();
                case Reply.RetryLater later -> later.cause();
                case Reply.Verdict _, Reply.Scored _, Reply.Written _, Reply.Unreadable _ ->
                        throw new IllegalStateException("a failed call has no " + reply);
            };
        }
    }
}
