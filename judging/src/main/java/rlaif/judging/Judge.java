package rlaif.judging;

import java.util.Optional;
import java.util.function.Consumer;

/// Whoever compares two completions: a model behind HTTP, a local model, or a computation.
///
/// Safe for many threads at once.
public interface Judge extends JudgeIdentity {
    /// One attempt at one order. Blocks the calling (virtual) thread until the reply or the
    /// deadline; whatever goes wrong outside this process is a {@link Reply} and not an exception.
    Reply ask(Presentation presentation) throws InterruptedException;

    /// The same, telling of every request that it takes when that has ended, whatever came of it.
    default Reply ask(Presentation presentation, Consumer<Bodies> seen)
            throws InterruptedException {
        Reply reply = ask(presentation);
        switch (reply) {
            case Reply.Verdict verdict -> seen.accept(verdict.exchange().bodies());
            case Reply.Unreadable(var _, Reply.Exchange exchange) -> seen.accept(exchange.bodies());
            case Reply.Scored _, Reply.Written _, Reply.Refused _, Reply.RetryLater _ -> {}
        }
        return reply;
    }

    /// What one attempt may take, before any told: at least what it takes by a rough reckoning.
    default Reply.Usage expected(Presentation presentation) {
        int units =
                presentation.principle().compare().length()
                        + presentation.prompt().length()
                        + presentation.completion1().length()
                        + presentation.completion2().length();
        return Reply.Usage.expected(1, units, 1);
    }

    /// Something harmless that the judge was asked before, and answered; empty: nothing is known.
    default Optional<Presentation> answeredBefore() {
        return Optional.empty();
    }

    /// Whether another sample of the same presentation may get another verdict.
    default boolean drawsSamples() {
        return true;
    }
}
