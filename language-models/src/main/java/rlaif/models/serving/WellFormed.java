package rlaif.models.serving;

/// Text without halves of characters, which JSON can carry and UTF-8 cannot.
final class WellFormed {

    private WellFormed() {}

    /// The text, each lone surrogate replaced by U+FFFD.
    static String of(String text) {
        StringBuilder whole = new StringBuilder(text.length());
        text.codePoints()
                .forEach(point ->
                        whole.appendCodePoint(
                                point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE
                                        ? 0xFFFD
                                        : point));
        return whole.toString();
    }
}
