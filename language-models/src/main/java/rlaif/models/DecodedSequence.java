package rlaif.models;

import java.util.function.IntPredicate;

/// One sequence of a batch while it is decoded: a prompt, and what has been drawn after it.
interface DecodedSequence {

    int[] prompt();

    /// Tokens drawn so far.
    int drawn();

    /// The token drawn last.
    int lastToken();

    /// Whether no more is to be drawn.
    boolean finished();

    /// Draws the next token.
    ///
    /// @param numbers what the batch's {@link NextToken} made of the logits; this sequence's row
    ///   begins at `from` and is `vocabulary` long
    /// @param isEnd whether a token ends it
    void draw(float[] numbers, int from, int vocabulary, IntPredicate isEnd);
}
