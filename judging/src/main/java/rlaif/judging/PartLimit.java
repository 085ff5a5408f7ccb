package rlaif.judging;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The most text that a judge is shown of one part: more is refused whole, since a judgment of half
/// a completion is a judgment of another one.
public final class PartLimit {
    /// Of each of prompt and completions, in UTF-8.
    public static final int MAX_BYTES = 256 * 1024;

    private PartLimit() {}

    /// Why a pair is not shown; empty: it is.
    public static Optional<String> refusal(Presentation pair) {
        return refusal("the prompt", pair.prompt())
                .or(() -> refusal("completion 1", pair.completion1()))
                .or(() -> refusal("completion 2", pair.completion2()));
    }

    /// Why a completion is not shown; empty: it is.
    public static Optional<String> refusal(CompletionToScore scored) {
        return refusal("the prompt", scored.prompt())
                .or(() -> refusal("the completion", scored.completion()));
    }

    /// Why a text is not shown; empty: it is.
    ///
    /// @param part what it is, in words
    public static Optional<String> refusal(String part, String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return bytes <= MAX_BYTES
                ? Optional.empty()
                : Optional.of(
                        "%s has %d bytes, and a judge is shown at most %d: sample shorter ones"
                                .formatted(part, bytes, MAX_BYTES));
    }

    /// The start of a text, at most `length` UTF-16 units and no half character.
    public static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end);
    }
}
