package rlaif.judging;

/// A pair in one order, as a judge is asked about it.
///
/// @param completion1 the completion shown first, called 1
/// @param completion2 the completion shown second, called 2
public record Presentation(
        String pairId,
        Principle principle,
        String prompt,
        String completion1,
        String completion2) {}
