package rlaif.models.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Python's operators on values.
final class Operators {

    private final Budget budget;

    Operators(Budget budget) {
        this.budget = budget;
    }

    static boolean truth(Value value) {
        return switch (value) {
            case Value.None _, Value.Undefined _ -> false;
            case Value.Bool(boolean flag) -> flag;
            case Value.Int(long number) -> number != 0;
            case Value.Real(double number) -> number != 0;
            case Value.Text(String text) -> !text.isEmpty();
            case Value.Items(List<Value> values, var _) -> !values.isEmpty();
            case Value.Dict(Map<Value, Value> entries) -> !entries.isEmpty();
            case Value.Namespace _, Value.Provided _, Value.Function _ -> true;
        };
    }

    /// A boolean as the integer it is in arithmetic; everything else as it is.
    static Value number(Value value) {
        return value instanceof Value.Bool(boolean flag) ? Value.of(flag ? 1L : 0L) : value;
    }

    Value arithmetic(String operator, Value left, Value right) {
        if (operator.equals("~")) {
            return text(Printer.text(left, budget), Printer.text(right, budget));
        }
        Value a = number(left);
        Value b = number(right);
        if (a instanceof Value.Int(long x) && b instanceof Value.Int(long y)) {
            return whole(operator, x, y);
        }
        if (isNumber(a) && isNumber(b)) {
            return new Value.Real(real(operator, real(a), real(b)));
        }
        switch (operator) {
            case "+" -> {
                if (a instanceof Value.Text(String x) && b instanceof Value.Text(String y)) {
                    return text(x, y);
                }
                if (a instanceof Value.Items x && b instanceof Value.Items y) {
                    return joined(x, y);
                }
            }
            case "*" -> {
                if (b instanceof Value.Int(long times)) {
                    return repeated(a, times);
                }
                if (a instanceof Value.Int(long times)) {
                    return repeated(b, times);
                }
            }
            case "%" -> {
                if (a instanceof Value.Text(String format)) {
                    return Value.of(Formatting.percent(format, b, budget));
                }
            }
            default -> {} // between numbers only
        }
        throw unfit(operator, left, right);
    }

    private Value joined(Value.Items left, Value.Items right) {
        if (left.tuple() != right.tuple()) {
            throw unfit("+", left, right);
        }
        budget.spend(left.values().size() + (long) right.values().size());
        List<Value> both = new ArrayList<>(left.values());
        both.addAll(right.values());
        return new Value.Items(both, left.tuple());
    }

    Value sign(Value value, boolean negative) {
        return switch (number(value)) {
            case Value.Int(long number) -> Value.of(negative ? -number : number);
            case Value.Real(double number) -> new Value.Real(negative ? -number : number);
            default -> throw new JinjaException("a sign stands before " + kind(value));
        };
    }

    boolean compares(String operator, Value left, Value right) {
        return switch (operator) {
            case "==" -> equal(left, right);
            case "!=" -> !equal(left, right);
            case "in" -> contains(right, left);
            case "not in" -> !contains(right, left);
            case "<" -> order(operator, left, right) < 0;
            case "<=" -> order(operator, left, right) <= 0;
            case ">" -> order(operator, left, right) > 0;
            case ">=" -> order(operator, left, right) >= 0;
            default -> throw new AssertionError(operator); // the parser knows no other
        };
    }

    boolean equal(Value left, Value right) {
        budget.enter();
        try {
            Value a = number(left);
            Value b = number(right);
            if (isNumber(a) && isNumber(b)) {
                return (a instanceof Value.Int(long x) && b instanceof Value.Int(long y))
                        ? x == y
                        : real(a) == real(b);
            }
            if (a instanceof Value.Items(List<Value> x, boolean tuple)
                    && b instanceof Value.Items(List<Value> y, boolean other)) {
                if (tuple != other || x.size() != y.size()) {
                    return false;
                }
                for (int i = 0; i < x.size(); i++) {
                    if (!equal(x.get(i), y.get(i))) {
                        return false;
                    }
                }
                return true;
            }
            if (a instanceof Value.Dict(Map<Value, Value> x)
                    && b instanceof Value.Dict(Map<Value, Value> y)) {
                return x.size() == y.size()
                        && x.entrySet().stream()
                                .allMatch(entry -> {
                                    Value other = y.get(entry.getKey());
                                    return other != null && equal(entry.getValue(), other);
                                });
            }
            if (a instanceof Value.Text(String x) && b instanceof Value.Text(String y)) {
                budget.spend(Math.min(x.length(), y.length()) / 16);
                return x.equals(y);
            }
            return a instanceof Value.Undefined
                    ? b instanceof Value.Undefined
                    : a instanceof Value.None && b instanceof Value.None;
        } finally {
            budget.leave();
        }
    }

    /// Below 0 where `left` is smaller, above where it is larger.
    int order(String operator, Value left, Value right) {
        budget.enter();
        try {
            Value a = number(left);
            Value b = number(right);
            if (a instanceof Value.Int(long x) && b instanceof Value.Int(long y)) {
                return Long.compare(x, y);
            }
            if (isNumber(a) && isNumber(b)) {
                return Double.compare(real(a), real(b));
            }
            if (a instanceof Value.Text(String x) && b instanceof Value.Text(String y)) {
                budget.spend(Math.min(x.length(), y.length()) / 16);
                return x.compareTo(y);
            }
            if (a instanceof Value.Items(List<Value> x, var _)
                    && b instanceof Value.Items(List<Value> y, var _)) {
                for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
                    if (!equal(x.get(i), y.get(i))) {
                        return order(operator, x.get(i), y.get(i));
                    }
                }
                return Integer.compare(x.size(), y.size());
            }
            throw unfit(operator, left, right);
        } finally {
            budget.leave();
        }
    }

    /// What a loop goes through: characters, items, or keys.
    List<Value> items(Value value) {
        return switch (value) {
            case Value.Items(List<Value> values, var _) -> values;
            case Value.Dict(Map<Value, Value> entries) -> {
                budget.spend(entries.size());
                yield List.copyOf(entries.keySet());
            }
            case Value.Text(String text) -> {
                budget.spend(text.length());
                yield text.codePoints().mapToObj(Character::toString).map(Value::of).toList();
            }
            case Value.Undefined _ -> List.of();
            case Value.None _,
                    Value.Bool _,
                    Value.Int _,
                    Value.Real _,
                    Value.Namespace _,
                    Value.Provided _,
                    Value.Function _ ->
                    throw new JinjaException(kind(value) + " has no items");
        };
    }

    /// A value as the key of a dict: numbers, strings and None can be one.
    static Value key(Value value) {
        Value key = number(value);
        if (key instanceof Value.Text
                || key instanceof Value.Int
                || key instanceof Value.Real
                || key instanceof Value.None) {
            return key;
        }
        throw new JinjaException(kind(value) + " cannot be a key");
    }

    /// A value in a message.
    static String kind(Value value) {
        return switch (value) {
            case Value.Undefined(String name) -> "'" + name + "', which is undefined,";
            case Value.None _ -> "None";
            case Value.Bool _ -> "a boolean";
            case Value.Int _, Value.Real _ -> "a number";
            case Value.Text _ -> "a string";
            case Value.Items _ -> "a list";
            case Value.Dict _ -> "a dict";
            case Value.Namespace _ -> "a namespace";
            case Value.Provided(String name, var _, var _) -> name;
            case Value.Function(String name, var _) -> "the function " + name;
        };
    }

    private boolean contains(Value container, Value wanted) {
        return switch (container) {
            case Value.Text(String text) when wanted instanceof Value.Text(String part) -> {
                budget.spend(text.length());
                yield text.contains(part);
            }
            case Value.Dict(Map<Value, Value> entries) -> entries.containsKey(key(wanted));
            case Value.Items(List<Value> values, var _) ->
                    values.stream().anyMatch(value -> equal(value, wanted));
            case Value.Undefined _ -> false;
            default -> throw new JinjaException(kind(wanted) + " cannot be in " + kind(container));
        };
    }

    private Value text(String left, String right) {
        budget.spend(left.length() + (long) right.length());
        return Value.of(left + right);
    }

    private Value repeated(Value value, long times) {
        long count = Math.max(0, times);
        return switch (value) {
            case Value.Text(String text) -> {
                budget.spend(product(text.length(), count));
                yield Value.of(text.repeat((int) count));
            }
            case Value.Items(List<Value> values, boolean tuple) -> {
                budget.spend(product(values.size(), count));
                List<Value> repeated = new ArrayList<>();
                for (long i = 0; i < count && !values.isEmpty(); i++) {
                    repeated.addAll(values);
                }
                yield new Value.Items(repeated, tuple);
            }
            default -> throw unfit("*", value, Value.of(times));
        };
    }

    /// The product, or more than any budget where it is too large.
    static long product(long a, long b) {
        return a != 0 && (b > Integer.MAX_VALUE || a > Integer.MAX_VALUE) ? Long.MAX_VALUE : a * b;
    }

    private static Value whole(String operator, long x, long y) {
        try {
            return switch (operator) {
                case "+" -> Value.of(Math.addExact(x, y));
                case "-" -> Value.of(Math.subtractExact(x, y));
                case "*" -> Value.of(Math.multiplyExact(x, y));
                case "//" -> Value.of(Math.floorDiv(x, y));
                case "%" -> Value.of(Math.floorMod(x, y));
                case "/" -> {
                    requireDivisor((double) y);
                    yield new Value.Real((double) x / (double) y);
                }
                case "**" ->
                        y < 0
                                ? new Value.Real(Math.pow((double) x, (double) y))
                                : Value.of(power(x, y));
                default -> throw new AssertionError(operator); // the parser knows no other
            };
        } catch (ArithmeticException e) {
            throw new JinjaException(x + " " + operator + " " + y + ": " + e.getMessage());
        }
    }

    private static long power(long base, long exponent) {
        if (Math.abs(base) <= 1) {
            return exponent == 0 || (base == -1 && exponent % 2 == 0) ? 1 : base;
        }
        if (exponent >= Long.SIZE) {
            throw new ArithmeticException("too large");
        }
        long power = 1;
        for (long i = 0; i < exponent; i++) {
            power = Math.multiplyExact(power, base);
        }
        return power;
    }

    private static double real(String operator, double x, double y) {
        if (operator.equals("/") || operator.equals("//") || operator.equals("%")) {
            requireDivisor(y);
        }
        return switch (operator) {
            case "+" -> x + y;
            case "-" -> x - y;
            case "*" -> x * y;
            case "/" -> x / y;
            case "//" -> Math.floor(x / y);
            case "%" -> x - y * Math.floor(x / y);
            case "**" -> Math.pow(x, y);
            default -> throw new AssertionError(operator); // the parser knows no other
        };
    }

    private static void requireDivisor(double divisor) {
        if (divisor == 0) {
            throw new JinjaException("division by zero");
        }
    }

    private static boolean isNumber(Value value) {
        return value instanceof Value.Int || value instanceof Value.Real;
    }

    static double real(Value number) {
        return switch (number) {
            case Value.Int(long whole) -> (double) whole;
            case Value.Real(double real) -> real;
            default -> throw new JinjaException(kind(number) + " is no number");
        };
    }

    private static JinjaException unfit(String operator, Value left, Value right) {
        return new JinjaException(
                "'" + operator + "' between " + kind(left) + " and " + kind(right));
    }
}
