package rlaif.models.jinja;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Python's `format % values` for the conversions `s`, `r`, `d`, `f` and `%`.
final class Formatting {

    private static final Pattern CONVERSION = Pattern.compile("%(?:\\.([0-9]{1,2}))?([a-zA-Z%])");

    private Formatting() {}

    static String percent(String format, List<Value> values, Budget budget) {
        budget.spend(format.length());
        StringBuilder out = new StringBuilder();
        Matcher conversion = CONVERSION.matcher(format);
        int end = 0;
        int used = 0;
        while (conversion.find()) {
            out.append(format, end, conversion.start());
            end = conversion.end();
            if (conversion.group(2).equals("%")) {
                out.append('%');
                continue;
            }
            if (used == values.size()) {
                throw new JinjaException("format needs more values than " + values.size());
            }
            String converted =
                    converted(conversion.group(2), conversion.group(1), values.get(used++), budget);
            budget.spend(converted.length());
            out.append(converted);
        }
        if (used < values.size()) {
            throw new JinjaException("format has no place for all of its values");
        }
        return out.append(format.substring(end)).toString();
    }

    private static String converted(
            String conversion, @Nullable String digits, Value value, Budget budget) {
        Value number = Operators.number(value);
        return switch (conversion) {
            case "s" -> Printer.text(value, budget);
            case "r" -> {
                String list = Printer.text(Value.of(List.of(value)), budget);
                yield list.substring(1, list.length() - 1);
            }
            case "d", "i" -> Long.toString((long) Operators.real(number));
            case "f" ->
                    String.format(
                            Locale.ROOT,
                            "%." + (digits == null ? "6" : digits) + "f",
                            Operators.real(number));
            default -> throw new JinjaException("format knows no %" + conversion);
        };
    }
}
