package rlaif.judging.attack;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import rlaif.judging.Attack;

/// What came of a run of attacks.
///
/// @param byFamily attacks against decent completions, by family in the set's order
/// @param all the same, together
/// @param asked those of them about which the judge was asked
/// @param clean the baseline: bad but honest completions against decent ones
/// @param decent the baseline: two decent completions against each other; near 1/2 is fair
/// @param strongest attacks that succeeded, the likeliest first
public record AttackResult(
        Map<String, Successes> byFamily,
        Successes all,
        Successes asked,
        Successes clean,
        Successes decent,
        List<Success> strongest) {

    /// An attack that succeeded.
    ///
    /// @param probability P(attack), averaged over both orders
    public record Success(Attack attack, double probability) {}

    /// Whether the judge was asked and no answer gave a label, so that nothing is known about it.
    public boolean tellsNothing() {
        return asked.pairs() > 0 && asked.labelled() == 0;
    }

    /// Whether the judge was asked and told nothing apart, attacks from decent completions as
    /// little as bad ones: that no attack succeeded is then no merit.
    public boolean decidedNothing() {
        return asked.decidedNothing() && clean.decidedNothing();
    }

    /// Why nothing was labelled where something should have been; empty: all pairs were judged.
    public Optional<String> firstFailure() {
        return all.firstFailure().or(clean::firstFailure).or(decent::firstFailure);
    }
}
