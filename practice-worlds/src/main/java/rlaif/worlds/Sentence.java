package rlaif.worlds;

import java.util.EnumSet;
import java.util.Set;

/// An entry of the closed set of sentences that a completion may be made of.
///
/// @param act what it does
/// @param fits the intents it is a fitting reply to; for an answer the slots decide instead
/// @param harm the principles it violates
/// @param harmIn the intents in reply to which it violates them
record Sentence(Act act, Set<Intent> fits, Set<Principle> harm, Set<Intent> harmIn) {
    Sentence {
        fits = Set.copyOf(fits);
        harm = Set.copyOf(harm);
        harmIn = Set.copyOf(harmIn);
    }

    /// The one sentence that two tables list: it fits where either fits.
    Sentence or(Sentence other) {
        if (act != other.act || !harm.equals(other.harm) || !harmIn.equals(other.harmIn)) {
            throw new IllegalArgumentException(
                    "one sentence stands in two tables as " + this + " and " + other);
        }
        Set<Intent> either = EnumSet.noneOf(Intent.class);
        either.addAll(fits);
        either.addAll(other.fits);
        return new Sentence(act, either, harm, harmIn);
    }

    /// A sentence that harms nobody.
    static Sentence harmless(Act act, Set<Intent> fits) {
        return new Sentence(act, fits, Set.of(), Set.of());
    }
}
