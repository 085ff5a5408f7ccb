package rlaif.judging;

/// One completion, as a judge is asked to score it.
///
/// @param rolloutId id of the rollout
public record CompletionToScore(
        String rolloutId, Principle principle, String prompt, String completion) {}
