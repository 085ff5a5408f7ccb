package rlaif.models.jinja;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Methods of strings that lay a text out or part it in three.
final class TextMethods {

    private final Attributes attributes;
    private final Budget budget;

    TextMethods(Attributes attributes, Budget budget) {
        this.attributes = attributes;
        this.budget = budget;
    }

    /// The method of that name; null: there is none.
    @Nullable Function<Arguments, Value> method(String text, String name) {
        return switch (name) {
            case "format" -> a -> Value.of(new TextFormat(attributes, a, budget).of(text));
            case "partition" -> a -> parted(text, a.text(0, "sep"), false);
            case "rpartition" -> a -> parted(text, a.text(0, "sep"), true);
            case "zfill" -> a -> Value.of(zerosBefore(text, width(a)));
            case "center" -> a -> Value.of(centered(text, width(a), fill(a)));
            case "ljust" -> a -> Value.of(text + fill(a).repeat(missing(text, width(a))));
            case "rjust" -> a -> Value.of(fill(a).repeat(missing(text, width(a))) + text);
            default -> null;
        };
    }

    /// A text between as many blanks, as far as that can be.
    String centered(String text, long width, String fill) {
        int missing = missing(text, width);
        int left = missing / 2 + (missing & (int) width & 1);
        return fill.repeat(left) + text + fill.repeat(missing - left);
    }

    private static long width(Arguments arguments) {
        arguments.require(0, "width");
        return arguments.whole(0, "width", 0);
    }

    private static String fill(Arguments arguments) {
        String fill = arguments.text(1, "fillchar", " ");
        if (fill.codePointCount(0, fill.length()) != 1) {
            throw new JinjaException(arguments.of() + " fills up with one character");
        }
        return fill;
    }

    /// Characters that a text is shorter than a width, paid for.
    private int missing(String text, long width) {
        long missing = Math.max(0, width - text.codePointCount(0, text.length()));
        budget.spend(missing);
        return (int) missing;
    }

    private String zerosBefore(String text, long width) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String zeros = "0".repeat(missing(text, width));
        return signed ? text.charAt(0) + zeros + text.substring(1) : zeros + text;
    }

    private static Value parted(String text, String separator, boolean last) {
        if (separator.isEmpty()) {
            throw new JinjaException("partition needs a separator that is not empty");
        }
        int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
        if (at < 0) {
            Value none = Value.of("");
            Value whole = Value.of(text);
            return last ? Value.tuple(none, none, whole) : Value.tuple(whole, none, none);
        }
        return Value.tuple(
                Value.of(text.substring(0, at)),
                Value.of(separator),
                Value.of(text.substring(at + separator.length())));
    }
}
