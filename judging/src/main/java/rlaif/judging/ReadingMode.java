package rlaif.judging;

/// How a verdict is read from what a judge replies.
public enum ReadingMode {
    /// From the log-probabilities of the label tokens.
    LOGPROBS,
    /// From the frequency of the labels among sampled replies.
    SAMPLING,
    /// From the label that ends the reply's text.
    GRAMMAR,
    /// Computed, without a model.
    COMPUTED
}
