package rlaif.judging.revision;

import java.time.Duration;
import java.util.OptionalInt;

/// What came of one attempt to have a text written.
public sealed interface WritingReply {

    /// A text, as it came.
    ///
    /// @param cut whether it ended at the token limit
    /// @param promptTokens tokens of the request as the model counted them; empty: not reported
    /// @param completionTokens tokens of the text as the model counted them; empty: not reported
    record Written(
            String text,
            boolean cut,
            Duration latency,
            OptionalInt promptTokens,
            OptionalInt completionTokens)
            implements WritingReply {}

    /// The model will not write this however often it is asked.
    record Refused(String cause) implements WritingReply {}

    /// No text this time; another attempt may get one.
    ///
    /// @param after how long the model asked to be left alone; zero: it did not say
    record RetryLater(String cause, Duration after) implements WritingReply {}
}
