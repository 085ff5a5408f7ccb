package rlaif.models.jinja;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How a value is written and filled up to a width, as Python's format specifications say.
///
/// @param fill code point put beside what is too short
/// @param align `<`, `>`, `^`, `=` (behind the sign), or 0: as the value's type has it
/// @param sign `-`, `+` or a blank, of numbers that are not negative, or 0: not given
/// @param alternate `#`: with a base's prefix, or with all zeros
/// @param grouping `,` or `_` between thousands, or 0
/// @param width code points, at least
/// @param precision digits or, of a string, code points at most; -1: not given
/// @param type letter of the conversion, or 0
record FormatSpec(
        int fill,
        char align,
        char sign,
        boolean alternate,
        char grouping,
        int width,
        int precision,
        char type) {

    private static final Pattern SPEC =
            Pattern.compile(
                    "(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\\d{1,9})?([,_])?(?:\\.(\\d{1,9}))?([a-zA-Z%])?",
                    Pattern.DOTALL);
    private static final Map<Character, Integer> BASES = Map.of('b', 2, 'o', 8, 'x', 16, 'X', 16);
    private static final int REAL_STEPS = 100; // of the work of writing a real
    private static final int USUAL_DIGITS = 6;

    /// Reads what stands behind the `:` of a field of `str.format`.
    static FormatSpec parse(String spec) {
        Matcher parts = SPEC.matcher(spec);
        if (!parts.matches()) {
            throw new JinjaException("format knows no specification '" + spec + "'");
        }
        boolean zero = parts.group(5) != null;
        String fill = parts.group(1);
        return new FormatSpec(
                fill != null ? fill.codePointAt(0) : zero ? '0' : ' ',
                letter(parts.group(2), '\0'),
                letter(parts.group(3), '\0'),
                parts.group(4) != null,
                letter(parts.group(7), '\0'),
                number(parts.group(6), 0),
                number(parts.group(8), -1),
                letter(parts.group(9), '\0'));
    }

    private static char letter(@Nullable String text, char absent) {
        return text == null ? absent : text.charAt(0);
    }

    private static int number(@Nullable String text, int absent) {
        return text == null ? absent : Integer.parseInt(text);
    }

    /// Python's `format(value, specification)`.
    String format(Value value, Budget budget) {
        return switch (Operators.number(value)) {
            case Value.Text(String text) when fitsText() -> text(text, '<', budget);
            case Value.Int(long number) when "eEfFgG%".indexOf(type) >= 0 ->
                    real((double) number, budget);
            case Value.Int(long number)
                    when precision < 0 && (type == 0 || type == 'd' || BASES.containsKey(type)) ->
                    whole(BigInteger.valueOf(number), budget);
            case Value.Real(double number) when type == 0 || "eEfFgG%".indexOf(type) >= 0 ->
                    real(number, budget);
            default ->
                    throw new JinjaException(
                            "format: " + Operators.kind(value) + " does not fit its specification");
        };
    }

    private boolean fitsText() {
        boolean number = align == '=' || sign != 0 || alternate || grouping != 0;
        return (type == 's' || type == 0) && !number;
    }

    /// A string, cut to the precision.
    String text(String text, char absentAlign, Budget budget) {
        budget.spend(text.length());
        boolean cut = precision >= 0 && text.codePointCount(0, text.length()) > precision;
        String shown = cut ? text.substring(0, text.offsetByCodePoints(0, precision)) : text;
        return filled("", shown, align == 0 ? absentAlign : align, budget);
    }

    /// An integer in the type's base, with as many digits as the precision at least.
    String whole(BigInteger number, Budget budget) {
        int base = BASES.getOrDefault(type, 10);
        budget.spend(Math.max(0, precision));
        String digits = number.abs().toString(base);
        digits = "0".repeat(Math.max(0, precision - digits.length())) + digits;
        String prefix = alternate && base != 10 ? "0" + type : "";
        String grouped = grouped(digits, base == 10 ? 3 : 4);
        return filled(
                sign(number.signum() < 0) + prefix,
                type == 'X' ? grouped.toUpperCase(Locale.ROOT) : grouped,
                numberAlign(),
                budget);
    }

    /// A floating-point number.
    String real(double number, Budget budget) {
        budget.spend(REAL_STEPS + (long) Math.max(0, precision));
        String written = dotted(magnitude(Math.abs(number)));
        int whole = wholeDigits(written);
        String grouped = grouped(written.substring(0, whole), 3) + written.substring(whole);
        boolean negative = !Double.isNaN(number) && Math.copySign(1, number) < 0;
        return filled(
                sign(negative),
                Character.isUpperCase(type) ? grouped.toUpperCase(Locale.ROOT) : grouped,
                numberAlign(),
                budget);
    }

    private String magnitude(double magnitude) {
        if (!Double.isFinite(magnitude)) {
            return Printer.real(magnitude) + (type == '%' ? "%" : "");
        }
        int digits = precision < 0 ? USUAL_DIGITS : precision;
        return switch (Character.toLowerCase(type)) {
            case 'e' -> PythonNumber.scientific(magnitude, digits);
            case 'g' -> PythonNumber.general(magnitude, digits, alternate, false);
            case '%' -> PythonNumber.fixed(magnitude * 100, digits) + "%";
            case 0 ->
                    precision < 0
                            ? Printer.real(magnitude)
                            : PythonNumber.general(magnitude, digits, alternate, true);
            default -> PythonNumber.fixed(magnitude, digits);
        };
    }

    /// With a point also where nothing stands behind it, as `#` asks.
    private String dotted(String written) {
        boolean has = written.contains(".") || !Character.isDigit(written.charAt(0));
        if (!alternate || has) {
            return written;
        }
        int end = wholeDigits(written);
        return written.substring(0, end) + "." + written.substring(end);
    }

    /// How many digits a number begins with.
    private static int wholeDigits(String written) {
        int digits = 0;
        while (digits < written.length() && Character.isDigit(written.charAt(digits))) {
            digits++;
        }
        return digits;
    }

    private String grouped(String digits, int size) {
        if (grouping == 0) {
            return digits;
        }
        if (grouping == ',' && size != 3) {
            throw new JinjaException("format: ',' stands between thousands");
        }
        StringBuilder grouped = new StringBuilder(digits);
        for (int at = digits.length() - size; at > 0; at -= size) {
            grouped.insert(at, grouping);
        }
        return grouped.toString();
    }

    private String sign(boolean negative) {
        return negative ? "-" : sign == '-' || sign == 0 ? "" : String.valueOf(sign);
    }

    private char numberAlign() {
        return align != 0 ? align : fill == '0' ? '=' : '>';
    }

    private String filled(String head, String body, char at, Budget budget) {
        long missing = width - (long) head.length() - (long) body.codePointCount(0, body.length());
        if (missing <= 0) {
            return head + body;
        }
        if (grouping != 0 && fill == '0' && at == '=') {
            throw new JinjaException("format knows no groups of digits filled up with zeros");
        }
        budget.spend(missing);
        long left = at == '<' || at == '=' ? 0 : at == '^' ? missing / 2 : missing;
        String before = Character.toString(fill).repeat((int) left);
        String after = Character.toString(fill).repeat((int) (missing - left));
        return at == '=' ? head + after + body : before + head + body + after;
    }
}
