package rlaif.models.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Jinja's filters: `value | name(arguments)`.
final class Filters {

    private static final Pattern WORD = Pattern.compile("([-\\s({\\[<]+)|[^-\\s({\\[<]+");
    private static final int MOST_INDENT = 100;

    private final Budget budget;
    private final Operators operators;
    private final Attributes attributes;
    private final Tests tests;
    private final ListFilters lists;
    private final TextMethods texts;

    Filters(Budget budget) {
        this.budget = budget;
        this.operators = new Operators(budget);
        this.attributes = new Attributes(budget);
        this.tests = new Tests(operators);
        this.lists = new ListFilters(budget, operators);
        this.texts = new TextMethods(attributes, budget);
    }

    Value apply(String name, Value value, Arguments arguments) {
        return switch (name) {
            case "tojson" -> Value.of(JsonPrinter.json(value, arguments, budget));
            case "default", "d" -> {
                boolean absent =
                        value instanceof Value.Undefined
                                || (arguments.flag(1, "boolean") && !Operators.truth(value));
                yield absent ? arguments.get(0, "default_value").orElse(Value.of("")) : value;
            }
            case "length", "count" -> Value.of(length(value));
            case "items" -> items(value);
            case "dictsort" -> dictsort(value, arguments);
            case "first" -> edge(operators.items(value), true);
            case "last" -> edge(operators.items(value), false);
            case "list" -> Value.of(operators.items(value));
            case "join" -> join(value, arguments);
            case "map" -> map(value, arguments);
            case "select" -> chosen(value, test(arguments, 0, item -> item), true);
            case "reject" -> chosen(value, test(arguments, 0, item -> item), false);
            case "selectattr" -> chosen(value, attributeTest(arguments), true);
            case "rejectattr" -> chosen(value, attributeTest(arguments), false);
            case "reverse" ->
                    value instanceof Value.Text
                            ? attributes.slice(value, Value.NONE, Value.NONE, Value.of(-1L))
                            : Value.of(operators.items(value).reversed());
            case "sort" -> sort(value, arguments);
            case "unique" -> unique(value);
            case "sum" -> sum(value, arguments);
            case "min" -> extreme(value, -1);
            case "max" -> extreme(value, 1);
            case "string" -> Value.of(text(value));
            case "safe" -> value;
            case "int" -> NumberFilters.whole(value, arguments);
            case "float" -> NumberFilters.real(value, arguments);
            case "round" -> NumberFilters.rounded(value, arguments);
            case "wordcount" -> Value.of(TextFilters.words(text(value)));
            case "batch" -> lists.batch(value, arguments);
            case "slice" -> lists.slice(value, arguments);
            case "groupby" -> groups(value, arguments);
            case "truncate" -> truncated(value, arguments);
            case "format" -> formatted(text(value), arguments);
            case "abs" ->
                    operators.compares("<", value, Value.of(0L))
                            ? operators.sign(value, true)
                            : value;
            default -> Value.of(ofText(name, text(value), arguments));
        };
    }

    private String ofText(String name, String text, Arguments arguments) {
        budget.spend(text.length());
        return switch (name) {
            case "trim" -> {
                Optional<Value> chars = arguments.get(0, "chars");
                yield PythonText.strip(
                        text,
                        chars.isEmpty()
                                ? PythonText::isBlank
                                : c -> arguments.text(0, "chars").indexOf(c) >= 0,
                        true,
                        true);
            }
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "capitalize" -> PythonText.capitalized(text);
            case "title" -> title(text);
            case "replace" -> attributes.replace(text, arguments);
            case "center" -> texts.centered(text, arguments.whole(0, "width", 80), " ");
            case "indent" -> indent(text, arguments);
            case "escape", "e" ->
                    text.replace("&", "&amp;")
                            .replace("<", "&lt;")
                            .replace(">", "&gt;")
                            .replace("'", "&#39;")
                            .replace("\"", "&#34;");
            default -> throw new JinjaException("filter '" + name + "' is unknown");
        };
    }

    private String text(Value value) {
        return Printer.text(value, budget);
    }

    private long length(Value value) {
        if (value instanceof Value.Text(String text)) {
            budget.spend(text.length() / 16);
            return text.codePointCount(0, text.length());
        }
        return operators.items(value).size();
    }

    private Value items(Value value) {
        return switch (value) {
            case Value.Undefined _ -> Value.of(List.of());
            case Value.Dict(Map<Value, Value> entries) -> attributes.items(entries);
            default -> throw new JinjaException("items: " + Operators.kind(value) + " is no dict");
        };
    }

    private Value dictsort(Value value, Arguments arguments) {
        int by = arguments.text(1, "by", "key").equals("value") ? 1 : 0;
        List<Value> pairs = new ArrayList<>(operators.items(items(value)));
        Comparator<Value> order =
                Comparator.comparing(
                        pair -> attributes.item(pair, Value.of((long) by)),
                        order(arguments.flag(0, "case_sensitive")));
        pairs.sort(arguments.flag(2, "reverse") ? order.reversed() : order);
        return Value.of(pairs);
    }

    private static Value edge(List<Value> items, boolean first) {
        if (items.isEmpty()) {
            return new Value.Undefined(first ? "the first item" : "the last item");
        }
        return first ? items.getFirst() : items.getLast();
    }

    private Value join(Value value, Arguments arguments) {
        String separator = arguments.get(0, "d").map(this::text).orElse("");
        Optional<Value> attribute = arguments.get(1, "attribute");
        StringBuilder joined = new StringBuilder();
        String before = "";
        for (Value item : operators.items(value)) {
            String part = text(attribute.isPresent() ? path(item, attribute.get()) : item);
            budget.spend(part.length() + (long) separator.length());
            joined.append(before).append(part);
            before = separator;
        }
        return Value.of(joined.toString());
    }

    private Value map(Value value, Arguments arguments) {
        Optional<Value> attribute = Optional.ofNullable(arguments.named().get("attribute"));
        Optional<Value> absent = Optional.ofNullable(arguments.named().get("default"));
        List<Value> mapped = new ArrayList<>();
        for (Value item : operators.items(value)) {
            budget.spend(1);
            if (attribute.isEmpty()) {
                String filter = arguments.text(0, "filter");
                mapped.add(apply(filter, item, arguments.after(1, filter)));
            } else {
                Value found = path(item, attribute.get());
                mapped.add(
                        found instanceof Value.Undefined && absent.isPresent()
                                ? absent.get()
                                : found);
            }
        }
        return Value.of(mapped);
    }

    /// What a dotted path leads to.
    private Value path(Value value, Value path) {
        if (!(path instanceof Value.Text(String names))) {
            return attributes.item(value, path);
        }
        Value found = value;
        for (String name : names.split("\\.", -1)) {
            Value key = name.matches("\\d{1,9}") ? Value.of(Long.parseLong(name)) : Value.of(name);
            found = attributes.item(found, key);
        }
        return found;
    }

    private Value chosen(Value value, Predicate<Value> test, boolean wanted) {
        List<Value> chosen = new ArrayList<>();
        for (Value item : operators.items(value)) {
            budget.spend(1);
            if (test.test(item) == wanted) {
                chosen.add(item);
            }
        }
        return Value.of(chosen);
    }

    private Predicate<Value> attributeTest(Arguments arguments) {
        Value attribute = arguments.require(0, "attribute");
        return test(arguments, 1, item -> path(item, attribute));
    }

    /// The test named by the argument at `place`, or truth.
    private Predicate<Value> test(Arguments arguments, int place, UnaryOperator<Value> of) {
        if (arguments.positional().size() <= place) {
            return item -> Operators.truth(of.apply(item));
        }
        String name = arguments.text(place, "test");
        Arguments rest = arguments.after(place + 1, name);
        return item -> tests.holds(name, of.apply(item), rest);
    }

    private Comparator<Value> order(boolean caseSensitive) {
        return (a, b) -> {
            budget.spend(1);
            return operators.order("<", folded(a, caseSensitive), folded(b, caseSensitive));
        };
    }

    private static Value folded(Value value, boolean caseSensitive) {
        return !caseSensitive && value instanceof Value.Text(String text)
                ? Value.of(text.toLowerCase(Locale.ROOT))
                : value;
    }

    private Value sort(Value value, Arguments arguments) {
        Optional<Value> attribute = arguments.get(2, "attribute");
        Comparator<Value> order = order(arguments.flag(1, "case_sensitive"));
        if (attribute.isPresent()) {
            order = Comparator.comparing(item -> path(item, attribute.get()), order);
        }
        List<Value> sorted = new ArrayList<>(operators.items(value));
        budget.spend(sorted.size());
        sorted.sort(arguments.flag(0, "reverse") ? order.reversed() : order);
        return Value.of(sorted);
    }

    private Value unique(Value value) {
        Map<Value, Value> first = new LinkedHashMap<>();
        for (Value item : operators.items(value)) {
            budget.spend(1);
            first.putIfAbsent(Operators.key(folded(item, false)), item);
        }
        return Value.of(List.copyOf(first.values()));
    }

    private Value sum(Value value, Arguments arguments) {
        Optional<Value> attribute = arguments.get(0, "attribute");
        Value sum = arguments.get(1, "start").orElse(Value.of(0L));
        for (Value item : operators.items(value)) {
            sum =
                    operators.arithmetic(
                            "+", sum, attribute.isPresent() ? path(item, attribute.get()) : item);
        }
        return sum;
    }

    private Value extreme(Value value, int sign) {
        return operators.items(value).stream()
                .max(sign > 0 ? order(false) : order(false).reversed())
                .orElse(new Value.Undefined("the extreme of nothing"));
    }

    private Value groups(Value value, Arguments arguments) {
        Value attribute = arguments.require(0, "attribute");
        Value absent = arguments.get(1, "default").orElse(Value.NONE);
        boolean caseSensitive = arguments.flag(2, "case_sensitive");
        UnaryOperator<Value> grouper =
                item -> {
                    Value found = path(item, attribute);
                    return found instanceof Value.Undefined && !(absent instanceof Value.None)
                            ? absent
                            : found;
                };
        return lists.groups(
                value,
                grouper,
                item -> folded(grouper.apply(item), caseSensitive),
                order(caseSensitive));
    }

    private Value truncated(Value value, Arguments arguments) {
        if (value instanceof Value.Text || value instanceof Value.Undefined) {
            String text = text(value);
            budget.spend(text.length());
            return Value.of(TextFilters.truncated(text, arguments));
        }
        throw new JinjaException("truncate: " + Operators.kind(value) + " is no string");
    }

    private Value formatted(String format, Arguments arguments) {
        if (arguments.named().isEmpty()) {
            return Value.of(
                    Formatting.percent(
                            format, new Value.Items(arguments.positional(), true), budget));
        }
        if (!arguments.positional().isEmpty()) {
            throw new JinjaException("format takes values by place or by name, not both");
        }
        return Value.of(Formatting.percent(format, Value.of(arguments.named()), budget));
    }

    /// Every word's first letter large: a word begins after a blank, a dash or an opening bracket.
    private static String title(String text) {
        return WORD.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(PythonText::capitalized)
                .collect(Collectors.joining());
    }

    private String indent(String text, Arguments arguments) {
        Value given = arguments.get(0, "width").orElse(Value.of(4L));
        String indent =
                given instanceof Value.Text(String own)
                        ? own
                        : " ".repeat(Math.clamp(arguments.whole(0, "width", 4), 0, MOST_INDENT));
        boolean first = arguments.flag(1, "first");
        boolean blank = arguments.flag(2, "blank");
        StringBuilder indented = new StringBuilder();
        boolean begun = false;
        for (String line : text.split("\n", -1)) {
            boolean wanted = begun ? blank || !line.isEmpty() : first;
            budget.spend(line.length() + (long) indent.length());
            indented.append(begun ? "\n" : "").append(wanted ? indent : "").append(line);
            begun = true;
        }
        return indented.toString();
    }
}
