package rlaif.models.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/// What stands behind a `.` or in `[]`: items of lists and dicts, and the methods of strings, lists
/// and dicts that change nothing. There is nothing else: no value has a class, a module or code to
/// get at.
final class Attributes {

    private final Budget budget;
    private final Operators operators;
    private final TextMethods methods;

    Attributes(Budget budget) {
        this.budget = budget;
        this.operators = new Operators(budget);
        this.methods = new TextMethods(this, budget);
    }

    /// `of.name`: a method, else an item.
    Value attribute(Value of, String name) {
        requirePublic(of, name);
        Optional<Value.Function> method = method(of, name);
        return method.isPresent() ? method.get() : itemNamed(of, name);
    }

    /// `of[key]`: an item, else a method.
    Value item(Value of, Value key) {
        if (of instanceof Value.Undefined(String name)) {
            throw new JinjaException("'" + name + "' is undefined");
        }
        if (key instanceof Value.Text(String name)) {
            requirePublic(of, name);
            Value item = itemNamed(of, name);
            return item instanceof Value.Undefined
                    ? method(of, name).map(method -> (Value) method).orElse(item)
                    : item;
        }
        if (of instanceof Value.Dict(Map<Value, Value> entries)) {
            Value item = entries.get(Operators.key(key));
            return item == null ? new Value.Undefined("an item") : item;
        }
        if (Operators.number(key) instanceof Value.Int(long number)) {
            return numbered(of, number);
        }
        return new Value.Undefined("an item");
    }

    /// `of[from:to:step]`
    Value slice(Value of, Value from, Value to, Value step) {
        return switch (of) {
            case Value.Text(String text) -> {
                budget.spend(text.length());
                int[] points = text.codePoints().toArray();
                int[] indices = indices(points.length, from, to, step);
                int[] slice = Arrays.stream(indices).map(i -> points[i]).toArray();
                yield Value.of(new String(slice, 0, slice.length));
            }
            case Value.Items(List<Value> values, boolean tuple) -> {
                int[] indices = indices(values.size(), from, to, step);
                yield new Value.Items(Arrays.stream(indices).mapToObj(values::get).toList(), tuple);
            }
            case Value.Undefined(String name) ->
                    throw new JinjaException("'" + name + "' is undefined");
            default -> throw new JinjaException(Operators.kind(of) + " has no slices");
        };
    }

    private static void requirePublic(Value of, String name) {
        if (of instanceof Value.Undefined(String undefined)) {
            throw new JinjaException("'" + undefined + "' is undefined: it has no " + name);
        }
        if (name.startsWith("__")) {
            throw new JinjaException("access to " + name + " is not allowed");
        }
    }

    private static Value itemNamed(Value of, String name) {
        Value item =
                switch (of) {
                    case Value.Dict(Map<Value, Value> entries) -> entries.get(Value.of(name));
                    case Value.Namespace(Map<String, Value> attributes) -> attributes.get(name);
                    case Value.Provided(var _, Map<String, Value> parts, var _) -> parts.get(name);
                    case Value.Items(Group group, var _) -> group.named(name);
                    default -> null;
                };
        return item == null ? new Value.Undefined(name) : item;
    }

    private Value numbered(Value of, long number) {
        return switch (of) {
            case Value.Items(List<Value> values, var _) -> {
                long at = number < 0 ? number + values.size() : number;
                yield at >= 0 && at < values.size()
                        ? values.get((int) at)
                        : new Value.Undefined("item " + number);
            }
            case Value.Text(String text) -> {
                budget.spend(text.length());
                int[] points = text.codePoints().toArray();
                long at = number < 0 ? number + points.length : number;
                yield at >= 0 && at < points.length
                        ? Value.of(Character.toString(points[(int) at]))
                        : new Value.Undefined("item " + number);
            }
            default -> new Value.Undefined("item " + number);
        };
    }

    private int[] indices(int size, Value from, Value to, Value stepValue) {
        long step = bound(stepValue, 1);
        if (step == 0) {
            throw new JinjaException("a slice has step 0");
        }
        long least = step > 0 ? 0 : -1;
        long most = step > 0 ? size : size - 1L;
        long begin = place(from, size, least, most, step > 0 ? 0 : size - 1L);
        long end = place(to, size, least, most, step > 0 ? size : -1);
        long count = Math.max(0, (end - begin + step - Long.signum(step)) / step);
        budget.spend(count);
        int[] indices = new int[(int) count];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = (int) (begin + i * step);
        }
        return indices;
    }

    private static long place(Value value, int size, long least, long most, long absent) {
        if (value instanceof Value.None) {
            return absent;
        }
        long place = bound(value, absent);
        return Math.clamp(place < 0 ? place + size : place, least, most);
    }

    private static long bound(Value value, long absent) {
        return switch (Operators.number(value)) {
            case Value.None _ -> absent;
            case Value.Int(long number) -> Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
            default -> throw new JinjaException("a slice needs integers");
        };
    }

    private Optional<Value.Function> method(Value of, String name) {
        Optional<Value.Function.Body> body =
                switch (of) {
                    case Value.Text(String text) -> ofText(text, name);
                    case Value.Dict(Map<Value, Value> entries) -> ofDict(entries, name);
                    case Value.Items(List<Value> values, var _) -> ofItems(values, name);
                    default -> Optional.empty();
                };
        return body.map(found -> new Value.Function(name, found));
    }

    private Optional<Value.Function.Body> ofItems(List<Value> values, String name) {
        return switch (name) {
            case "index" ->
                    Optional.of(arguments -> {
                        Value wanted = arguments.require(0, "value");
                        for (int i = 0; i < values.size(); i++) {
                            if (operators.equal(values.get(i), wanted)) {
                                return Value.of(i);
                            }
                        }
                        throw new JinjaException("index: the value is not in the list");
                    });
            case "count" ->
                    Optional.of(arguments -> {
                        Value wanted = arguments.require(0, "value");
                        return Value.of(
                                values.stream()
                                        .filter(value -> operators.equal(value, wanted))
                                        .count());
                    });
            default -> Optional.empty();
        };
    }

    private Optional<Value.Function.Body> ofDict(Map<Value, Value> entries, String name) {
        return switch (name) {
            case "items" -> Optional.of(_ -> items(entries));
            case "keys" -> Optional.of(_ -> Value.of(List.copyOf(entries.keySet())));
            case "values" -> Optional.of(_ -> Value.of(List.copyOf(entries.values())));
            case "get" ->
                    Optional.of(arguments -> {
                        Value found = entries.get(Operators.key(arguments.require(0, "key")));
                        return found == null
                                ? arguments.get(1, "default").orElse(Value.NONE)
                                : found;
                    });
            default -> Optional.empty();
        };
    }

    /// Pairs of key and value.
    Value items(Map<Value, Value> entries) {
        budget.spend(entries.size());
        return Value.of(
                entries.entrySet().stream()
                        .map(entry -> Value.tuple(entry.getKey(), entry.getValue()))
                        .toList());
    }

    private Optional<Value.Function.Body> ofText(String text, String name) {
        Function<Arguments, Value> method =
                switch (name) {
                    case "strip" -> a -> Value.of(strip(text, a, true, true));
                    case "lstrip" -> a -> Value.of(strip(text, a, true, false));
                    case "rstrip" -> a -> Value.of(strip(text, a, false, true));
                    case "split" -> a -> texts(split(text, a, false));
                    case "rsplit" -> a -> texts(split(text, a, true));
                    case "splitlines" -> _ -> texts(text.lines().toList());
                    case "startswith" -> a -> Value.of(anyOf(a, text::startsWith));
                    case "endswith" -> a -> Value.of(anyOf(a, text::endsWith));
                    case "replace" -> a -> Value.of(replace(text, a));
                    case "lower" -> _ -> Value.of(text.toLowerCase(Locale.ROOT));
                    case "upper" -> _ -> Value.of(text.toUpperCase(Locale.ROOT));
                    case "title" -> _ -> Value.of(PythonText.title(text));
                    case "capitalize" -> _ -> Value.of(PythonText.capitalized(text));
                    case "find" -> a -> Value.of(place(text, text.indexOf(a.text(0, "part"))));
                    case "rfind" -> a -> Value.of(place(text, text.lastIndexOf(a.text(0, "part"))));
                    case "count" -> a -> Value.of(PythonText.count(text, a.text(0, "part")));
                    case "join" -> a -> joined(text, a.require(0, "iterable"));
                    case "removeprefix" ->
                            a -> {
                                String prefix = a.text(0, "prefix");
                                return Value.of(
                                        text.startsWith(prefix)
                                                ? text.substring(prefix.length())
                                                : text);
                            };
                    case "removesuffix" ->
                            a -> {
                                String suffix = a.text(0, "suffix");
                                return Value.of(
                                        text.endsWith(suffix)
                                                ? text.substring(0, text.length() - suffix.length())
                                                : text);
                            };
                    case "isdigit" -> _ -> Value.of(all(text, Character::isDigit));
                    case "isalpha" -> _ -> Value.of(all(text, Character::isLetter));
                    case "isalnum" -> _ -> Value.of(all(text, Character::isLetterOrDigit));
                    case "isspace" -> _ -> Value.of(all(text, PythonText::isBlank));
                    default -> methods.method(text, name);
                };
        return Optional.ofNullable(method)
                .map(found ->
                        arguments -> {
                            budget.spend(text.length());
                            return found.apply(arguments);
                        });
    }

    private static boolean all(String text, IntPredicate test) {
        return !text.isEmpty() && text.codePoints().allMatch(test);
    }

    /// A place among characters as one among code points.
    private static long place(String text, int at) {
        return at < 0 ? at : text.codePointCount(0, at);
    }

    private static String strip(String text, Arguments arguments, boolean left, boolean right) {
        Value given = arguments.get(0, "chars").orElse(Value.NONE);
        IntPredicate stripped =
                given instanceof Value.None
                        ? PythonText::isBlank
                        : c -> arguments.text(0, "chars").indexOf(c) >= 0;
        return PythonText.strip(text, stripped, left, right);
    }

    private List<String> split(String text, Arguments arguments, boolean fromRight) {
        long most = arguments.whole(1, "maxsplit", -1);
        if (arguments.get(0, "sep").orElse(Value.NONE) instanceof Value.None) {
            return PythonText.words(text, most);
        }
        String separator = arguments.text(0, "sep");
        return fromRight
                ? PythonText.splitFromRight(text, separator, most)
                : PythonText.split(text, separator, most);
    }

    private static boolean anyOf(Arguments arguments, Predicate<String> test) {
        if (arguments.require(0, "part") instanceof Value.Items(List<Value> parts, var _)) {
            return parts.stream()
                    .anyMatch(part -> part instanceof Value.Text(String text) && test.test(text));
        }
        return test.test(arguments.text(0, "part"));
    }

    /// Every occurrence, or the first ones, of a part replaced.
    String replace(String text, Arguments arguments) {
        String old = arguments.text(0, "old");
        String fresh = arguments.text(1, "new");
        long most = arguments.whole(2, "count", -1);
        budget.spend(Operators.product(PythonText.count(text, old), fresh.length()));
        if (most < 0) {
            return text.replace(old, fresh);
        }
        return old.isEmpty() ? fresh + text : String.join(fresh, PythonText.split(text, old, most));
    }

    private Value joined(String separator, Value iterable) {
        List<String> parts = new ArrayList<>();
        for (Value item : operators.items(iterable)) {
            if (!(item instanceof Value.Text(String part))) {
                throw new JinjaException("join needs strings");
            }
            budget.spend(part.length() + (long) separator.length());
            parts.add(part);
        }
        return Value.of(String.join(separator, parts));
    }

    private Value texts(List<String> texts) {
        budget.spend(texts.size());
        return Value.of(texts.stream().map(Value::of).toList());
    }
}
