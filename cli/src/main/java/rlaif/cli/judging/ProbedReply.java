package rlaif.cli.judging;

import java.util.List;
import rlaif.judging.Bodies;
import rlaif.judging.Reply;

/// What a judge replied to one request, with all that went back and forth.
///
/// @param calls that were made for the reply, in their order
public record ProbedReply(Reply reply, List<Bodies> calls) {
    public ProbedReply {
        calls = List.copyOf(calls);
    }

    /// The reply as one that stands: whatever else failed, or refused whoever asks, becomes a
    /// refusal of this request, which nobody repeats.
    Reply unrepeated() {
        return switch (reply) {
            case Reply.RetryLater later -> new Reply.Refused(later.cause(), later.usage());
            case Reply.Refused refused -> new Reply.Refused(refused.cause(), refused.usage());
            case Reply.Verdict _, Reply.Scored _, Reply.Written _, Reply.Unreadable _ -> reply;
        };
    }
}
