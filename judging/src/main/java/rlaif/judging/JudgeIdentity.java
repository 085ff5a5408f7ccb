package rlaif.judging;

/// Who judges: what every label or score of a judge names.
public interface JudgeIdentity {
    /// Name of the judge.
    String name();

    /// Model that answers.
    String model();

    /// SHA-256 of the prompt or scoring template, in hex.
    String templateHash();
}
