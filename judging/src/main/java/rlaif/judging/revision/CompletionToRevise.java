package rlaif.judging.revision;

import rlaif.judging.Principle;

/// A completion at the start of one round of critique and revision.
///
/// @param rolloutId of the rollout that it began as
/// @param round from 1
/// @param completion the rollout's in round 1, the last revision afterwards
public record CompletionToRevise(
        String rolloutId, int round, Principle principle, String prompt, String completion) {
    public CompletionToRevise {
        if (round < 1) {
            throw new IllegalArgumentException("round must be at least 1, got " + round);
        }
    }
}
