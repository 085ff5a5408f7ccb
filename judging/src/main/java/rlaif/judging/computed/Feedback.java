package rlaif.judging.computed;

/// A function of prompt and completion: the more it gives, the better the completion.
///
/// Safe for many threads at once. Completions are hostile and can be long: whatever it does with
/// them ends in a bounded time.
public interface Feedback {
    /// What it is, in one word: the model that every label names.
    String name();

    /// Everything that decides what it gives, on one line: labels carry its hash.
    String settings();

    /// What the completion is worth. May block the calling (virtual) thread.
    Worth of(String prompt, String completion) throws InterruptedException;

    /// What came of one computation.
    sealed interface Worth {
        /// A worth in the feedback's own unit; finite.
        record Value(double value) implements Worth {
            public Value {
                if (!Double.isFinite(value)) {
                    throw new IllegalArgumentException("a worth must be finite, got " + value);
                }
            }
        }

        /// It has no value for this completion, however often it is computed.
        record Refused(String cause) implements Worth {}

        /// It has no value this time; another attempt may have one.
        record RetryLater(String cause) implements Worth {}
    }
}
