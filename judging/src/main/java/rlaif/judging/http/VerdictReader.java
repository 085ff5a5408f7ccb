package rlaif.judging.http;

import java.util.Optional;
import java.util.OptionalDouble;
import rlaif.judging.ReadingMode;
import rlaif.judging.Reply;

/// Reads the verdict from replies: from the log-probabilities of the first token, never from its
/// text, or where an endpoint hides them from the labels that end the texts.
///
/// A verdict from text, or after a rationale, is surer than its judge is right and is clamped to
/// [0.4, 0.6] (CAI 4.1).
final class VerdictReader {
    /// A verdict is read only where the labels together have at least this probability, or this
    /// share of the replies.
    static final double LEAST_COVERED_MASS = 0.9;

    private static final double CLAMP_LOW = 0.4;
    private static final double CLAMP_HIGH = 0.6;

    /// @param rationale reasoning that the verdict was given after; empty: none
    static Reply read(ReadingMode mode, Gathered.Replies replies, String rationale) {
        Called.Answered last = replies.last();
        Reply.Exchange exchange = last.exchange(mode, rationale);
        return switch (mode) {
            case LOGPROBS -> fromTokens(last.choices().first(), exchange);
            case SAMPLING, GRAMMAR -> fromTexts(replies, exchange);
            case COMPUTED -> throw new IllegalArgumentException("a reply is not computed");
        };
    }

    private static Reply fromTokens(ReplyChoice choice, Reply.Exchange exchange) {
        if (choice.positions().isEmpty()) {
            return new Reply.Refused(
                    "the endpoint gives no log-probabilities (choices[0].logprobs names no"
                            + " top_logprobs); use a model and server that give them, or read"
                            + " verdicts by sampling or grammar",
                    exchange.usage());
        }
        TopTokens top = choice.positions().getFirst().top();
        return verdict(top.mass("1"), top.mass("2"), !exchange.rationale().isEmpty(), exchange);
    }

    private static Reply fromTexts(Gathered.Replies gathered, Reply.Exchange exchange) {
        int replies = 0;
        int ones = 0;
        int twos = 0;
        for (Called.Answered call : gathered.calls()) {
            for (ReplyChoice choice : call.choices().choices()) {
                Optional<String> label = LabelText.COMPARISON.in(choice);
                replies++;
                ones += label.equals(Optional.of("1")) ? 1 : 0;
                twos += label.equals(Optional.of("2")) ? 1 : 0;
            }
        }
        return verdict((double) ones / replies, (double) twos / replies, true, exchange);
    }

    /// P("1") among the two labels; of log-probabilities their softmax (RLAIF 2.1).
    private static Reply verdict(
            double mass1, double mass2, boolean clamp, Reply.Exchange exchange) {
        double covered = Math.min(1, mass1 + mass2);
        if (covered < LEAST_COVERED_MASS) {
            return new Reply.Unreadable(covered, exchange);
        }
        double probability1 = mass1 / (mass1 + mass2);
        return clamp
                ? new Reply.Verdict(
                        Math.clamp(probability1, CLAMP_LOW, CLAMP_HIGH),
                        OptionalDouble.of(probability1),
                        covered,
                        exchange)
                : new Reply.Verdict(probability1, covered, exchange);
    }

    private VerdictReader() {}
}
