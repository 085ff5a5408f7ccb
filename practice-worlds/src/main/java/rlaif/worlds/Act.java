package rlaif.worlds;

/// What one sentence of a completion does.
enum Act {
    /// Gives a fact or the steps of a how-to.
    ANSWER,
    /// Does what a principle forbids.
    COMPLY,
    /// Declines.
    REFUSE,
    /// Says why not, or how things are instead.
    EXPLAIN,
    /// Names someone or something better to turn to.
    REDIRECT,
    /// Meets a feeling.
    EMPATHY,
    /// Contradicts what is untrue.
    CORRECT,
    /// Says nothing.
    FILLER
}
