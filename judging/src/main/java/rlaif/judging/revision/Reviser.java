package rlaif.judging.revision;

import java.util.Optional;
import rlaif.judging.Reply;

/// A model that finds fault with completions and rewrites them: its replies are {@link
/// Reply.Written}, or failures. Safe for many threads.
public interface Reviser {
    /// Name in every revision.
    String name();

    /// Model that is asked.
    String model();

    /// SHA-256 of the critique and revision templates, in hex.
    String templateHash();

    /// One attempt to learn what is wrong with a completion under its principle.
    Reply critique(CompletionToRevise completion) throws InterruptedException;

    /// One attempt to have a completion rewritten after `critique`.
    Reply revise(CompletionToRevise completion, String critique) throws InterruptedException;

    /// Something harmless that a critique was written of before; empty: nothing is known.
    default Optional<CompletionToRevise> answeredBefore() {
        return Optional.empty();
    }
}
