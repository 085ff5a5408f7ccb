package rlaif.models.jinja;

import java.util.Locale;

/// Jinja's tests: `value is name(arguments)`.
final class Tests {

    private final Operators operators;

    Tests(Operators operators) {
        this.operators = operators;
    }

    boolean holds(String name, Value value, Arguments arguments) {
        return switch (name) {
            case "defined" -> !(value instanceof Value.Undefined);
            case "undefined" -> value instanceof Value.Undefined;
            case "none" -> value instanceof Value.None;
            case "true" -> value.equals(Value.TRUE);
            case "false" -> value.equals(Value.FALSE);
            case "boolean" -> value instanceof Value.Bool;
            case "string" -> value instanceof Value.Text;
            case "number" -> value instanceof Value.Bool || isNumber(value);
            case "integer" -> value instanceof Value.Int;
            case "float" -> value instanceof Value.Real;
            case "mapping" -> value instanceof Value.Dict;
            case "sequence" -> isSized(value);
            case "iterable" -> isSized(value) || value instanceof Value.Undefined;
            case "callable" ->
                    value instanceof Value.Function
                            || (value instanceof Value.Provided(var _, var _, var call)
                                    && call.isPresent());
            case "odd" -> remainder(value, Value.of(2L)) == 1;
            case "even" -> remainder(value, Value.of(2L)) == 0;
            case "divisibleby" -> remainder(value, arguments.require(0, "num")) == 0;
            case "lower" ->
                    value instanceof Value.Text(String text)
                            && text.equals(text.toLowerCase(Locale.ROOT));
            case "upper" ->
                    value instanceof Value.Text(String text)
                            && text.equals(text.toUpperCase(Locale.ROOT));
            case "in" -> compares("in", value, arguments);
            case "eq", "equalto" -> compares("==", value, arguments);
            case "ne" -> compares("!=", value, arguments);
            case "lt", "lessthan" -> compares("<", value, arguments);
            case "le" -> compares("<=", value, arguments);
            case "gt", "greaterthan" -> compares(">", value, arguments);
            case "ge" -> compares(">=", value, arguments);
            case "sameas" -> {
                Value other = arguments.require(0, "other");
                yield value.getClass() == other.getClass() && operators.equal(value, other);
            }
            default -> throw new JinjaException("test '" + name + "' is unknown");
        };
    }

    private boolean compares(String operator, Value value, Arguments arguments) {
        return operators.compares(operator, value, arguments.require(0, "other"));
    }

    private long remainder(Value value, Value divisor) {
        return operators.arithmetic("%", value, divisor) instanceof Value.Int(long remainder)
                ? remainder
                : -1;
    }

    private static boolean isNumber(Value value) {
        return value instanceof Value.Int || value instanceof Value.Real;
    }

    private static boolean isSized(Value value) {
        return value instanceof Value.Text
                || value instanceof Value.Items
                || value instanceof Value.Dict;
    }
}
