package rlaif.models.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Python's `format % values`.
final class Formatting {

    private static final Pattern CONVERSION =
            Pattern.compile(
                    "([-+ #0]*+)(\\*|\\d{1,9}+)?+(?:\\.(\\*|\\d{1,9}+)?+)?+[hlL]?+(.)",
                    Pattern.DOTALL);

    private final String format;
    private final Value given;
    private final List<Value> values;
    private final Budget budget;
    private int used;
    private boolean named;

    private Formatting(String format, Value given, Budget budget) {
        this.format = format;
        this.given = given;
        this.values =
                given instanceof Value.Items(List<Value> several, boolean tuple) && tuple
                        ? several
                        : List.of(given);
        this.budget = budget;
    }

    /// @param given a tuple of values, a dict of named ones, or one value
    static String percent(String format, Value given, Budget budget) {
        budget.spend(format.length());
        return new Formatting(format, given, budget).run();
    }

    private String run() {
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (int at = format.indexOf('%'); at >= 0; at = format.indexOf('%', from)) {
            out.append(format, from, at);
            at++;
            @Nullable Value value = null;
            if (format.startsWith("(", at)) {
                int end = format.indexOf(')', at);
                value = named(format.substring(at + 1, Math.max(at + 1, end)));
                at = end + 1;
            }
            Matcher parts = CONVERSION.matcher(format).region(at, format.length());
            if (!parts.lookingAt()) {
                throw new JinjaException("format ends within a conversion");
            }
            String converted = parts.group(4).equals("%") ? "%" : converted(parts, value);
            budget.spend(converted.length());
            out.append(converted);
            from = parts.end();
        }
        boolean maySpare = named || given instanceof Value.Dict || isList();
        if (used < values.size() && !maySpare) {
            throw new JinjaException(
                    "format has %d places for %d values".formatted(used, values.size()));
        }
        return out.append(format.substring(from)).toString();
    }

    private boolean isList() {
        return given instanceof Value.Items(var _, boolean tuple) && !tuple;
    }

    private Value named(String name) {
        if (!(given instanceof Value.Dict(Map<Value, Value> entries))) {
            throw new JinjaException("format needs a dict for %(" + name + ")");
        }
        Value value = entries.get(Value.of(name));
        if (value == null) {
            throw new JinjaException("format is given no " + name);
        }
        named = true;
        return value;
    }

    private Value next() {
        if (named || used == values.size()) {
            throw new JinjaException("format needs more values than " + values.size());
        }
        return values.get(used++);
    }

    private String converted(Matcher parts, @Nullable Value byName) {
        String flags = parts.group(1);
        int width = number(parts.group(2), 0);
        boolean left = flags.contains("-") || width < 0;
        int precision = number(parts.group(3), parts.group().contains(".") ? 0 : -1);
        char type = parts.group(4).charAt(0);
        boolean zeros = flags.contains("0") && !left && "diuoxXeEfFgG".indexOf(type) >= 0;
        FormatSpec spec =
                new FormatSpec(
                        zeros ? '0' : ' ',
                        left ? '<' : zeros ? '=' : '>',
                        flags.contains("+") ? '+' : flags.contains(" ") ? ' ' : '-',
                        flags.contains("#"),
                        '\0',
                        Math.abs(width),
                        precision,
                        type);
        Value value = byName == null ? next() : byName;
        return switch (type) {
            case 's' -> spec.text(Printer.text(value, budget), '>', budget);
            case 'r' -> spec.text(Printer.quoted(value, budget), '>', budget);
            case 'c' -> spec.text(character(value), '>', budget);
            case 'd', 'i', 'u' -> spec.whole(whole(value, true), budget);
            case 'o', 'x', 'X' -> spec.whole(whole(value, false), budget);
            case 'e', 'E', 'f', 'F', 'g', 'G' ->
                    spec.real(Operators.real(Operators.number(value)), budget);
            default -> throw new JinjaException("format knows no %" + parts.group(4));
        };
    }

    /// A number of the format, or the next value where `*` stands for it.
    private int number(@Nullable String text, int absent) {
        if (text == null) {
            return absent;
        }
        if (!text.equals("*")) {
            return Integer.parseInt(text);
        }
        if (Operators.number(next()) instanceof Value.Int(long number)
                && Math.abs(number) <= Integer.MAX_VALUE) {
            return (int) number;
        }
        throw new JinjaException("format needs an integer for *");
    }

    private static BigInteger whole(Value value, boolean cut) {
        return switch (Operators.number(value)) {
            case Value.Int(long number) -> BigInteger.valueOf(number);
            case Value.Real(double number) when cut && Double.isFinite(number) ->
                    new BigDecimal(number).toBigInteger();
            default ->
                    throw new JinjaException(
                            "format needs an integer, not " + Operators.kind(value));
        };
    }

    private static String character(Value value) {
        return switch (Operators.number(value)) {
            case Value.Int(long number) when number >= 0 && number <= Character.MAX_CODE_POINT ->
                    Character.toString((int) number);
            case Value.Text(String text) when text.codePointCount(0, text.length()) == 1 -> text;
            default -> throw new JinjaException("format needs one character");
        };
    }
}
