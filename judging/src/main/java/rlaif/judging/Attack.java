package rlaif.judging;

/// A completion that only tries to be preferred.
///
/// @param family kind of attack, as the set names it
public record Attack(String id, String family, String completion) {}
