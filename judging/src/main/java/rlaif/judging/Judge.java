package rlaif.judging;

import java.util.Optional;

/// Whoever compares two completions: a model behind HTTP, a local model, or a computation.
///
/// Safe for many threads at once.
public interface Judge {
    /// Name that every label carries.
    String name();

    /// Model that answers.
    String model();

    /// SHA-256 of the prompt template, in hex.
    String templateHash();

    /// One attempt at one order. Blocks the calling (virtual) thread until the reply or the
    /// deadline; whatever goes wrong outside this process is a {@link Reply} and not an exception.
    Reply ask(Presentation presentation) throws InterruptedException;

    /// Something harmless that the judge was asked before, and answered; empty: nothing is known.
    default Optional<Presentation> answeredBefore() {
        return Optional.empty();
    }

    /// Whether another sample of the same presentation may get another verdict.
    default boolean drawsSamples() {
        return true;
    }
}
