package rlaif.models.jinja;

/// Jinja's filters that count, cut or place the words of a text.
final class TextFilters {

    private static final long LEEWAY = 5; // Jinja2's policy truncate.leeway

    private TextFilters() {}

    /// `wordcount`: runs of letters, digits and `_`.
    static long words(String text) {
        long words = 0;
        boolean inside = false;
        for (int c : text.codePoints().toArray()) {
            boolean word = isWord(c);
            words += word && !inside ? 1 : 0;
            inside = word;
        }
        return words;
    }

    private static boolean isWord(int c) {
        int type = Character.getType(c);
        return Character.isLetterOrDigit(c)
                || c == '_'
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    /// `truncate(length, killwords, end, leeway)`
    static String truncated(String text, Arguments arguments) {
        long length = arguments.whole(0, "length", 255);
        String end = arguments.text(2, "end", "...");
        long leeway = arguments.whole(3, "leeway", LEEWAY);
        long kept = length - end.codePointCount(0, end.length());
        if (kept < 0 || leeway < 0) {
            throw new JinjaException("truncate: length and leeway do not hold '" + end + "'");
        }
        long size = text.codePointCount(0, text.length());
        if (size - leeway <= length) {
            return text;
        }
        String cut = text.substring(0, text.offsetByCodePoints(0, (int) kept));
        int blank = arguments.flag(1, "killwords") ? -1 : cut.lastIndexOf(' ');
        return (blank < 0 ? cut : cut.substring(0, blank)) + end;
    }
}
