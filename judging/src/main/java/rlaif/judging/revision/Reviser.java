package rlaif.judging.revision;

/// A model that finds fault with completions and rewrites them. Safe for many threads.
public interface Reviser {
    /// Name in every revision.
    String name();

    /// Model that is asked.
    String model();

    /// SHA-256 of the critique and revision templates, in hex.
    String templateHash();

    /// One attempt to learn what is wrong with a completion under its principle.
    WritingReply critique(CompletionToRevise completion) throws InterruptedException;

    /// One attempt to have a completion rewritten after `critique`.
    WritingReply revise(CompletionToRevise completion, String critique) throws InterruptedException;
}
