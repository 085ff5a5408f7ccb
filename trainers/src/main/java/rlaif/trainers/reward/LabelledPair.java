package rlaif.trainers.reward;

/// Two completions of one prompt with the soft label `P(first is better)`, as token ids.
// Token ids are handed over once and never changed.
@SuppressWarnings("ArrayRecordComponent")
public record LabelledPair(int[] prompt, int[] first, int[] second, double firstProbability) {
    public LabelledPair {
        if (prompt.length == 0 || first.length == 0 || second.length == 0) {
            throw new IllegalArgumentException(
                    "a labelled pair needs a prompt and two completions, got %d, %d and %d tokens"
                            .formatted(prompt.length, first.length, second.length));
        }
        if (!(firstProbability >= 0 && firstProbability <= 1)) {
            throw new IllegalArgumentException(
                    "firstProbability must lie in [0, 1], got " + firstProbability);
        }
    }

    /// The same fact told in the other order.
    public LabelledPair swapped() {
        return new LabelledPair(prompt, second, first, 1 - firstProbability);
    }

    /// Tokens of both sequences, each with the prompt.
    public int tokens() {
        return 2 * prompt.length + first.length + second.length;
    }
}
