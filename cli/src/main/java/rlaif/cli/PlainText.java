package rlaif.cli;

import java.util.regex.Pattern;

/// Model text as a terminal may show it: control and invisible characters are written out as
/// escapes.
final class PlainText {
    private static final Pattern UNSEEN =
            Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cn}\\p{Cs}&&[^\\n\\t]]");

    private PlainText() {}

    /// All of it, line ends and tabs kept.
    static String of(String text) {
        return UNSEEN.matcher(text)
                .replaceAll(found -> "\\\\u{%x}".formatted(found.group().codePointAt(0)));
    }

    /// The start of it on one line.
    static String excerpt(String text, int maxCharacters) {
        String line = of(text).replaceAll("\\s+", " ").strip();
        return line.length() > maxCharacters ? line.substring(0, maxCharacters) + " ..." : line;
    }
}
