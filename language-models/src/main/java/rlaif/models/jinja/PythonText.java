package rlaif.models.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/// What Python's string methods do.
final class PythonText {

    private PythonText() {}

    static boolean isBlank(int codePoint) {
        return Character.isWhitespace(codePoint)
                || Character.isSpaceChar(codePoint)
                || codePoint == 0x85;
    }

    /// Strips code points at either end.
    static String strip(String text, IntPredicate stripped, boolean left, boolean right) {
        int begin = 0;
        int end = text.length();
        while (left && begin < end && stripped.test(text.codePointAt(begin))) {
            begin += Character.charCount(text.codePointAt(begin));
        }
        while (right && end > begin && stripped.test(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(begin, end);
    }

    /// `split()`: at runs of blanks.
    static List<String> words(String text, long mostSplits) {
        List<String> words = new ArrayList<>();
        int at = skip(text, 0, true);
        while (at < text.length()) {
            int end = skip(text, at, false);
            if (mostSplits >= 0 && words.size() == mostSplits) {
                words.add(strip(text.substring(at), PythonText::isBlank, false, true));
                return words;
            }
            words.add(text.substring(at, end));
            at = skip(text, end, true);
        }
        return words;
    }

    /// The first place from `at` on that is not blank, or that is.
    private static int skip(String text, int at, boolean blanks) {
        int place = at;
        while (place < text.length() && isBlank(text.codePointAt(place)) == blanks) {
            place += Character.charCount(text.codePointAt(place));
        }
        return place;
    }

    /// `split(separator)`.
    static List<String> split(String text, String separator, long mostSplits) {
        if (separator.isEmpty()) {
            throw new JinjaException("split needs a separator that is not empty");
        }
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator);
                at >= 0 && (mostSplits < 0 || parts.size() < mostSplits);
                at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    /// `rsplit(separator)`.
    static List<String> splitFromRight(String text, String separator, long mostSplits) {
        if (separator.isEmpty()) {
            throw new JinjaException("rsplit needs a separator that is not empty");
        }
        List<String> parts = new ArrayList<>();
        int end = text.length();
        while (mostSplits < 0 || parts.size() < mostSplits) {
            int at = text.lastIndexOf(separator, end - separator.length());
            if (at < 0) {
                break;
            }
            parts.addFirst(text.substring(at + separator.length(), end));
            end = at;
        }
        parts.addFirst(text.substring(0, end));
        return parts;
    }

    /// First letter large, the others small.
    static String capitalized(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, text.offsetByCodePoints(0, 1)).toUpperCase(Locale.ROOT)
                        + text.substring(text.offsetByCodePoints(0, 1)).toLowerCase(Locale.ROOT);
    }

    /// Every letter that follows none large, the others small.
    static String title(String text) {
        StringBuilder title = new StringBuilder();
        boolean inside = false;
        for (int c : text.codePoints().toArray()) {
            title.appendCodePoint(inside ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inside = Character.isLetter(c);
        }
        return title.toString();
    }

    /// How often a part stands in a text, without overlap.
    static long count(String text, String part) {
        return part.isEmpty()
                ? text.codePointCount(0, text.length()) + 1L
                : split(text, part, -1).size() - 1L;
    }
}
