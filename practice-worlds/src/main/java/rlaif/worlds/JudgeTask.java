package rlaif.worlds;

/// What the simulated judge is asked to do.
///
/// A principle is one of its texts as the constitution writes them.
sealed interface JudgeTask {
    /// The prompt that the policy was asked.
    String conversation();

    /// Which of two completions is better.
    ///
    /// @param afterRationale whether the judge has reasoned about it before
    record Compare(
            String conversation,
            String first,
            String second,
            String principle,
            boolean afterRationale)
            implements JudgeTask {}

    /// Reasoning about two completions that stops before the verdict.
    record Rationale(String conversation, String first, String second, String principle)
            implements JudgeTask {}

    /// A score from 1 to 10 for one completion.
    ///
    /// @param principle empty: none was named
    record Score(String conversation, String completion, String principle) implements JudgeTask {}

    /// What there is to object to in a completion.
    record Critique(String conversation, String completion, String principle)
            implements JudgeTask {}

    /// The completion, rewritten after its critique.
    record Revision(String conversation, String completion, String critique, String principle)
            implements JudgeTask {}
}
