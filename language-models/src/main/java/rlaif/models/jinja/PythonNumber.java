package rlaif.models.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// Numbers as Python reads, rounds and writes them.
final class PythonNumber {

    private static final int MOST_DIGITS = 1_100; // no double has more behind its point
    private static final int LONGEST_WHOLE = 4_300; // digits that Python's `int` reads
    private static final Pattern REAL =
            Pattern.compile("[+-]?+[0-9_]*+(?:\\.[0-9_]*+)?+(?:[eE][+-]?+[0-9_]++)?+");
    private static final Pattern NOT_FINITE = Pattern.compile("(?i)[+-]?(?:inf|infinity|nan)");
    private static final Pattern STRAY_UNDERSCORE = Pattern.compile("(?<![0-9])_|_(?![0-9])");

    private PythonNumber() {}

    /// `%f`: so many digits behind the point.
    static String fixed(double magnitude, int digits) {
        int exact = Math.min(digits, MOST_DIGITS);
        BigDecimal rounded = new BigDecimal(magnitude).setScale(exact, RoundingMode.HALF_EVEN);
        return rounded.toPlainString() + "0".repeat(digits - exact);
    }

    /// `%e`: one digit before the point and so many behind it.
    static String scientific(double magnitude, int digits) {
        int exact = Math.min(digits, MOST_DIGITS);
        BigDecimal rounded = rounded(magnitude, exact + 1);
        String all = rounded.unscaledValue().toString();
        String behind =
                all.substring(1)
                        + "0".repeat(Math.max(0, exact + 1 - all.length()) + digits - exact);
        int exponent = exponent(rounded);
        return all.charAt(0)
                + (digits == 0 ? "" : "." + behind)
                + "e%s%02d".formatted(exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    /// `%g`: so many digits in all, in whichever of the two forms is shorter.
    ///
    /// @param keepZeros whether zeros at the end stay (`#`)
    /// @param dot whether a number without a fraction gets `.0`, as the type that is left out asks
    static String general(double magnitude, int digits, boolean keepZeros, boolean dot) {
        int wanted = Math.max(1, digits);
        int exponent = exponent(rounded(magnitude, Math.min(wanted, MOST_DIGITS)));
        if (exponent < -4 || exponent >= wanted - (dot ? 1 : 0)) {
            String text = scientific(magnitude, wanted - 1);
            int end = text.indexOf('e');
            return (keepZeros ? text.substring(0, end) : stripped(text.substring(0, end)))
                    + text.substring(end);
        }
        String text = fixed(magnitude, wanted - 1 - exponent);
        String shortest = keepZeros ? text : stripped(text);
        return dot && !shortest.contains(".") ? shortest + ".0" : shortest;
    }

    private static String stripped(String text) {
        if (!text.contains(".")) {
            return text;
        }
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
    }

    private static BigDecimal rounded(double magnitude, int digits) {
        return new BigDecimal(magnitude).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    }

    private static int exponent(BigDecimal number) {
        return number.signum() == 0 ? 0 : number.precision() - number.scale() - 1;
    }

    /// Python's `round(number, digits)`: halves of what is stored go to the even neighbour.
    static double round(double number, long digits) {
        if (digits > MOST_DIGITS || !Double.isFinite(number)) {
            return number;
        }
        int scale = (int) Math.max(digits, -MOST_DIGITS);
        double rounded =
                new BigDecimal(number).setScale(scale, RoundingMode.HALF_EVEN).doubleValue();
        return rounded == 0 ? Math.copySign(0, number) : rounded;
    }

    /// Python's `int(text, base)`; empty: it is no number of that base.
    ///
    /// @param base 2 to 36, or 0: as the text's prefix says
    static Optional<BigInteger> whole(String text, long base) {
        if (base != 0 && (base < 2 || base > Character.MAX_RADIX)) {
            return Optional.empty();
        }
        String digits = PythonText.strip(text, PythonText::isBlank, true, true);
        boolean negative = digits.startsWith("-");
        digits = negative || digits.startsWith("+") ? digits.substring(1) : digits;
        int named = prefixed(digits);
        int radix = (int) base;
        if (named > 0 && (base == 0 || base == named)) {
            radix = named;
            digits = digits.substring(2);
            digits = digits.startsWith("_") ? digits.substring(1) : digits;
        } else if (base == 0) {
            radix = 10;
            if (digits.startsWith("0") && digits.chars().anyMatch(c -> c != '0' && c != '_')) {
                return Optional.empty();
            }
        }
        String plain = digits.replace("_", "");
        if (plain.isEmpty()
                || plain.length() > LONGEST_WHOLE
                || digits.startsWith("_")
                || digits.endsWith("_")
                || digits.contains("__")) {
            return Optional.empty();
        }
        for (int i = 0; i < plain.length(); i++) {
            if (Character.digit(plain.charAt(i), radix) < 0) {
                return Optional.empty();
            }
        }
        BigInteger number = new BigInteger(plain, radix);
        return Optional.of(negative ? number.negate() : number);
    }

    /// The base that a prefix names; 0: there is none.
    private static int prefixed(String digits) {
        return switch (digits.substring(0, Math.min(2, digits.length())).toLowerCase(Locale.ROOT)) {
            case "0x" -> 16;
            case "0o" -> 8;
            case "0b" -> 2;
            default -> 0;
        };
    }

    /// Python's `float(text)`; empty: it is no number.
    static OptionalDouble real(String text) {
        String stripped = PythonText.strip(text, PythonText::isBlank, true, true);
        if (NOT_FINITE.matcher(stripped).matches()) {
            double sign = stripped.startsWith("-") ? -1 : 1;
            return OptionalDouble.of(
                    stripped.toLowerCase(Locale.ROOT).endsWith("nan")
                            ? Double.NaN
                            : sign * Double.POSITIVE_INFINITY);
        }
        if (!REAL.matcher(stripped).matches() || STRAY_UNDERSCORE.matcher(stripped).find()) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(Double.parseDouble(stripped.replace("_", "")));
        } catch (NumberFormatException e) {
            return OptionalDouble.empty(); // no digit at all
        }
    }

    /// An integer of a template, which has 64 bits.
    static Value value(BigInteger number) {
        if (number.bitLength() >= Long.SIZE) {
            throw new JinjaException("an integer is larger than 64 bits");
        }
        return Value.of(number.longValue());
    }
}
