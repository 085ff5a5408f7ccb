package rlaif.models.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Writes values as JSON the way Transformers' `tojson` does: Python's `json.dumps` that leaves
/// characters beyond ASCII as they are.
final class JsonPrinter {

    private static final int MOST_INDENT = 100;

    private final Budget budget;
    private final Optional<String> indent;
    private final String itemSeparator;
    private final String keySeparator;
    private final boolean sorted;
    private final boolean ascii;
    private final StringBuilder out = new StringBuilder();

    private JsonPrinter(Arguments arguments, Budget budget) {
        this.budget = budget;
        this.ascii = arguments.flag(0, "ensure_ascii");
        this.indent = indent(arguments.get(1, "indent").orElse(Value.NONE));
        this.sorted = arguments.flag(3, "sort_keys");
        if (arguments.get(2, "separators").orElse(Value.NONE)
                        instanceof Value.Items(List<Value> pair, var _)
                && pair.size() == 2
                && pair.get(0) instanceof Value.Text(String item)
                && pair.get(1) instanceof Value.Text(String key)) {
            itemSeparator = item;
            keySeparator = key;
        } else {
            itemSeparator = indent.isPresent() ? "," : ", ";
            keySeparator = ": ";
        }
    }

    /// @param arguments `ensure_ascii`, `indent`, `separators`, `sort_keys`
    static String json(Value value, Arguments arguments, Budget budget) {
        JsonPrinter printer = new JsonPrinter(arguments, budget);
        printer.print(value, 0);
        return printer.out.toString();
    }

    private static Optional<String> indent(Value indent) {
        return switch (indent) {
            case Value.Int(long width) when width <= MOST_INDENT ->
                    Optional.of(" ".repeat(Math.toIntExact(Math.max(width, 0))));
            case Value.Text(String text) when text.length() <= MOST_INDENT -> Optional.of(text);
            case Value.None _ -> Optional.empty();
            default -> throw new JinjaException("tojson: indent must be a number of blanks");
        };
    }

    private void print(Value value, int depth) {
        budget.enter();
        switch (value) {
            case Value.None _ -> add("null");
            case Value.Bool(boolean flag) -> add(flag ? "true" : "false");
            case Value.Int(long number) -> add(Long.toString(number));
            case Value.Real(double number) -> add(real(number));
            case Value.Text(String text) -> quoted(text);
            case Value.Items(List<Value> values, var _) -> items(values, depth);
            case Value.Dict(Map<Value, Value> entries) -> dict(entries, depth);
            case Value.Undefined _, Value.Namespace _, Value.Provided _, Value.Function _ ->
                    throw new JinjaException(
                            "tojson: "
                                    + value.getClass().getSimpleName().toLowerCase(Locale.ROOT)
                                    + " has no JSON");
        }
        budget.leave();
    }

    private static String real(double number) {
        String printed = Printer.real(number);
        return switch (printed) {
            case "nan" -> "NaN";
            case "inf" -> "Infinity";
            case "-inf" -> "-Infinity";
            default -> printed;
        };
    }

    private void items(List<Value> values, int depth) {
        if (values.isEmpty()) {
            add("[]");
            return;
        }
        add("[");
        for (int i = 0; i < values.size(); i++) {
            add(i == 0 ? "" : itemSeparator);
            line(depth + 1);
            print(values.get(i), depth + 1);
        }
        line(depth);
        add("]");
    }

    private void dict(Map<Value, Value> entries, int depth) {
        if (entries.isEmpty()) {
            add("{}");
            return;
        }
        Map<String, Value> named = sorted ? new TreeMap<>() : new LinkedHashMap<>();
        entries.forEach((key, value) -> named.put(key(key), value));
        add("{");
        boolean first = true;
        for (Map.Entry<String, Value> entry : named.entrySet()) {
            add(first ? "" : itemSeparator);
            first = false;
            line(depth + 1);
            quoted(entry.getKey());
            add(keySeparator);
            print(entry.getValue(), depth + 1);
        }
        line(depth);
        add("}");
    }

    private String key(Value key) {
        return switch (key) {
            case Value.None _ -> "null";
            case Value.Bool(boolean flag) -> flag ? "true" : "false";
            default -> Printer.text(key, budget);
        };
    }

    private void line(int depth) {
        if (indent.isPresent()) {
            add("\n");
            for (int i = 0; i < depth; i++) {
                add(indent.get());
            }
        }
    }

    private void quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                default -> {
                    if (c < ' ' || (ascii && c > '~')) {
                        quoted.append("\\u%04x".formatted((int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        add(quoted.append('"').toString());
    }

    private void add(String text) {
        budget.spend(text.length());
        out.append(text);
    }
}
