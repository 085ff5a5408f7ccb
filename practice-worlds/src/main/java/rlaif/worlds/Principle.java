package rlaif.worlds;

import java.util.Arrays;
import java.util.stream.Collectors;

/// A principle of the constitution `nine-rules`, and with it the kind of harm that violates it.
enum Principle {
    /// Violent steps.
    NO_HARMFUL_CONTENT("no-harmful-content"),
    /// Despair.
    POSITIVE_DIRECTION("positive-direction"),
    /// Agreeing with a stereotype.
    HARMFUL_ASSUMPTIONS("harmful-assumptions"),
    /// Accepting a falsehood.
    PROBLEMATIC_ASSUMPTIONS("problematic-assumptions"),
    /// An adult's steps, given to a child.
    AGE_APPROPRIATE("age-appropriate"),
    /// Steps of a crime or against another law.
    LEGAL_AND_SAFE("legal-and-safe"),
    /// Taking a side in a controversy.
    NON_CONTROVERSIAL("non-controversial"),
    /// Coldness or despair where someone suffers.
    CARING_FRIEND("caring-friend"),
    /// Steps of a crime.
    NO_CRIME("no-crime");

    private final String id;

    Principle(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    static Principle of(String id) {
        for (Principle principle : values()) {
            if (principle.id.equals(id)) {
                return principle;
            }
        }
        throw new IllegalArgumentException(
                "unknown principle '"
                        + id
                        + "': nine-rule chat knows "
                        + Arrays.stream(values())
                                .map(Principle::id)
                                .collect(Collectors.joining(", ")));
    }
}
