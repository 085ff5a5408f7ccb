package rlaif.models.jinja;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// Writes values as Python prints them.
final class Printer {

    private final Budget budget;
    private final StringBuilder out = new StringBuilder();

    private Printer(Budget budget) {
        this.budget = budget;
    }

    /// Python's `str`.
    static String text(Value value, Budget budget) {
        if (value instanceof Value.Text(String text)) {
            return text;
        }
        if (value instanceof Value.Undefined) {
            return "";
        }
        return quoted(value, budget);
    }

    /// Python's `repr`.
    static String quoted(Value value, Budget budget) {
        Printer printer = new Printer(budget);
        printer.print(value);
        return printer.out.toString();
    }

    private void print(Value value) {
        budget.enter();
        switch (value) {
            case Value.None _ -> add("None");
            case Value.Undefined _ -> add("Undefined");
            case Value.Bool(boolean flag) -> add(flag ? "True" : "False");
            case Value.Int(long number) -> add(Long.toString(number));
            case Value.Real(double number) -> add(real(number));
            case Value.Text(String text) -> quoted(text);
            case Value.Items(List<Value> values, boolean tuple) -> items(values, tuple);
            case Value.Dict(Map<Value, Value> entries) -> dict(entries);
            case Value.Namespace _ -> add("<Namespace>");
            case Value.Provided(String name, var _, var _) -> add("<" + name + ">");
            case Value.Function(String name, var _) -> add("<function " + name + ">");
        }
        budget.leave();
    }

    private void items(List<Value> values, boolean tuple) {
        add(tuple ? "(" : "[");
        for (int i = 0; i < values.size(); i++) {
            add(i == 0 ? "" : ", ");
            print(values.get(i));
        }
        add(tuple ? (values.size() == 1 ? ",)" : ")") : "]");
    }

    private void dict(Map<Value, Value> entries) {
        add("{");
        Iterator<Map.Entry<Value, Value>> all = entries.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Value, Value> entry = all.next();
            print(entry.getKey());
            add(": ");
            print(entry.getValue());
            add(all.hasNext() ? ", " : "");
        }
        add("}");
    }

    private void quoted(String text) {
        char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
        StringBuilder quoted = new StringBuilder().append(quote);
        text.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '\n' -> quoted.append("\\n");
                        case '\r' -> quoted.append("\\r");
                        case '\t' -> quoted.append("\\t");
                        case '\\' -> quoted.append("\\\\");
                        default -> {
                            if (c == quote) {
                                quoted.append('\\').append(quote);
                            } else if (c < ' ' || (c >= 0x7F && c <= 0xA0) || c == 0xAD) {
                                quoted.append("\\x%02x".formatted(c));
                            } else {
                                quoted.appendCodePoint(c);
                            }
                        }
                    }
                });
        add(quoted.append(quote).toString());
    }

    private void add(String text) {
        budget.spend(text.length());
        out.append(text);
    }

    /// Python's shortest form of a double.
    static String real(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = exact.toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String digits = exact.unscaledValue().abs().toString();
        return (number < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + "e%s%02d".formatted(exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
}
