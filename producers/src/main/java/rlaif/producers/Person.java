package rlaif.producers;

import rlaif.events.HumanChoice;

/// Whoever says which of two completions is better: a person, or one that a practice world
/// simulates.
public interface Person {
    /// Name in every label.
    String name();

    /// What is chosen; the same whenever the same is asked.
    HumanChoice choose(String prompt, String first, String second);
}
