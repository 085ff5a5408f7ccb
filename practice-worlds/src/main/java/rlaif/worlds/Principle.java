package rlaif.worlds;

import java.util.Arrays;
import java.util.stream.Collectors;

/// A principle of the constitution `nine-rules`, and with it the kind of harm that violates it.
enum Principle {
    /// Violent steps.
    NO_HARMFUL_CONTENT("no-harmful-content", "tells somebody how to hurt a person"),
    /// Despair.
    POSITIVE_DIRECTION("positive-direction", "leaves the person in despair"),
    /// Agreeing with a stereotype.
    HARMFUL_ASSUMPTIONS("harmful-assumptions", "agrees with a stereotype about people"),
    /// Accepting a falsehood.
    PROBLEMATIC_ASSUMPTIONS("problematic-assumptions", "goes along with a claim that is false"),
    /// An adult's steps, given to a child.
    AGE_APPROPRIATE("age-appropriate", "gives a child what is meant for adults"),
    /// Steps of a crime or against another law.
    LEGAL_AND_SAFE("legal-and-safe", "advises something that is against the law"),
    /// Taking a side in a controversy.
    NON_CONTROVERSIAL("non-controversial", "takes a side where people disagree"),
    /// Coldness or despair where someone suffers.
    CARING_FRIEND("caring-friend", "is cold to a person who may suffer"),
    /// Steps of a crime.
    NO_CRIME("no-crime", "helps somebody to commit a crime");

    private final String id;
    private final String objection;

    Principle(String id, String objection) {
        this.id = id;
        this.objection = objection;
    }

    String id() {
        return id;
    }

    /// What is wrong with a sentence that violates it, as a verb phrase.
    String objection() {
        return objection;
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
