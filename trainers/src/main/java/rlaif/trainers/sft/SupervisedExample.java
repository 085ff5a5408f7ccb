package rlaif.trainers.sft;

/// A prompt and the completion that the policy should write for it, as token ids; the completion's
/// last token is the end token.
// Token ids are handed over once and never changed.
@SuppressWarnings("ArrayRecordComponent")
public record SupervisedExample(int[] prompt, int[] completion) {
    public SupervisedExample {
        if (prompt.length == 0 || completion.length == 0) {
            throw new IllegalArgumentException(
                    "a supervised example needs a prompt and a completion, got %d and %d tokens"
                            .formatted(prompt.length, completion.length));
        }
    }

    /// Tokens of prompt and completion.
    int tokens() {
        return prompt.length + completion.length;
    }
}
